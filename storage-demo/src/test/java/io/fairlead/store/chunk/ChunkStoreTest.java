package io.fairlead.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.disk.Disk;
import io.fairlead.store.disk.DurableFiles;
import io.fairlead.store.disk.FsyncPolicy;
import io.fairlead.store.disk.Volume;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkStoreTest {
    private static final int BLOCK = 1024;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        open.clear();
    }

    private ChunkStore open(FsyncPolicy policy, Disk disk, long reserveBytes) {
        Volume volume = Volume.open(directory, "c", "n1");
        open.add(volume);
        volume.reclaimDrafts();
        DurableFiles files = new DurableFiles(volume.temporary(), policy, disk, reserveBytes, meters);
        open.add(files);
        return ChunkStore.open(volume, files, meters);
    }

    private ChunkStore open() {
        return open(FsyncPolicy.NONE, Disk.REAL, 0);
    }

    private ChunkStore reopen() throws Exception {
        close();
        return open();
    }

    private static ByteBuffer data(int bytes, long seed) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return ByteBuffer.wrap(data);
    }

    private static ChunkId put(ChunkStore store, ByteBuffer data) {
        ChunkId id = ChunkId.random();
        store.write(id, data, BlockChecksums.of(data, BLOCK));
        return id;
    }

    private static ByteBuffer get(ChunkStore store, ChunkId id) {
        ByteBuffer into = ByteBuffer.allocate(100_000);
        BlockChecksums checksums = store.read(id, into);
        ByteBuffer data = into.slice(0, checksums.length());
        assertThat(checksums.firstBadBlock(data)).isEqualTo(-1);
        return data;
    }

    private static void assertFails(StoreError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023, 1024, 1025, 50_000})
    void whatIsWrittenIsReadAlsoAfterARestart(int bytes) throws Exception {
        ByteBuffer data = data(bytes, bytes);
        ChunkId id = put(open(), data);
        ChunkStore store = reopen();
        assertThat(get(store, id)).isEqualTo(data);
        assertThat(store.count()).isEqualTo(1);
        assertThat(store.bytes()).isEqualTo(bytes);
        assertThat(store.damaged()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(FsyncPolicy.Mode.class)
    void everyPolicyKeepsAllChunksOverAnOrderlyEnd(FsyncPolicy.Mode mode) throws Exception {
        FsyncPolicy policy = new FsyncPolicy(mode, Duration.ofMillis(5), 100_000);
        ChunkStore store = open(policy, Disk.REAL, 0);
        List<ChunkId> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(put(store, data(10_000, i)));
        }
        close();
        ChunkStore again = open();
        for (int i = 0; i < ids.size(); i++) {
            assertThat(get(again, ids.get(i))).isEqualTo(data(10_000, i));
        }
        assertThat(meters.get("store.fsync").timer().count() > 2).isEqualTo(mode != FsyncPolicy.Mode.NONE);
    }

    @Test
    void bytesThatDoNotFitTheirChecksumsAreRefused() {
        ChunkStore store = open();
        ByteBuffer data = data(5000, 1);
        BlockChecksums checksums = BlockChecksums.of(data, BLOCK);
        data.put(4999, (byte) (data.get(4999) ^ 1));
        assertFails(StoreError.CORRUPT, () -> store.write(ChunkId.random(), data, checksums));
        assertFails(StoreError.CORRUPT, () -> store.write(ChunkId.random(), data(4999, 1), checksums));
        assertThat(store.count()).isZero();
    }

    @Test
    void writingAgainIsHarmlessAndOtherBytesUnderTheIdAreRefused() {
        ChunkStore store = open();
        ByteBuffer data = data(5000, 1);
        ChunkId id = put(store, data);
        store.write(id, data, BlockChecksums.of(data, BLOCK));
        ByteBuffer other = data(5000, 2);
        assertFails(StoreError.CONFLICT, () -> store.write(id, other, BlockChecksums.of(other, BLOCK)));
        assertThat(get(store, id)).isEqualTo(data);
    }

    @Test
    void aFlippedBitAnywhereIsFoundAtOpenOrAtReadAndNeverServed() throws Exception {
        ChunkId id = put(open(), data(3000, 1));
        Path file = reopen().pathOf(id);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at += at < 80 ? 1 : 97) {
            close();
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << (at % 8));
            Files.write(file, flipped);
            ChunkStore store = open();
            assertFails(StoreError.CORRUPT, () -> get(store, id));
            assertThat(store.damaged()).as("flip at %d", at).containsKey(id);
            assertThat(store.count()).isZero();
        }
    }

    @Test
    void aFileCutAnywhereIsFoundAtOpen() throws Exception {
        ChunkId id = put(open(), data(3000, 1));
        Path file = reopen().pathOf(id);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += length < 80 ? 1 : 131) {
            close();
            Files.write(file, Arrays.copyOf(whole, length));
            ChunkStore store = open();
            assertThat(store.damaged().get(id)).as("cut at %d", length).isNotNull();
            assertFails(StoreError.CORRUPT, () -> get(store, id));
        }
        close();
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThat(open().damaged()).containsKey(id);
    }

    @Test
    void damageIsRememberedOverRestartsUntilTheChunkIsWrittenAnew() throws Exception {
        ByteBuffer data = data(3000, 1);
        ChunkId id = put(open(), data);
        Path file = reopen().pathOf(id);
        byte[] rotten = Files.readAllBytes(file);
        rotten[rotten.length - 1] ^= 1;
        Files.write(file, rotten);
        ChunkStore store = reopen();
        assertFails(StoreError.CORRUPT, () -> get(store, id));
        assertThat(meters.get("store.chunk.rotten").counter().count()).isEqualTo(1);
        ChunkStore again = reopen();
        assertFails(StoreError.CORRUPT, () -> get(again, id));
        again.write(id, data, BlockChecksums.of(data, BLOCK));
        assertThat(get(again, id)).isEqualTo(data);
        assertThat(reopen().damaged()).isEmpty();
    }

    @Test
    void aChunkOfAnotherVolumeOrAnotherNameIsForeign() throws Exception {
        ChunkStore store = open();
        ChunkId id = put(store, data(3000, 1));
        ChunkId wrongName = ChunkId.random();
        Files.copy(store.pathOf(id), store.pathOf(wrongName));
        assertThat(reopen().damaged().get(wrongName)).contains("foreign").contains(id.toString());
    }

    @Test
    void aNewerFormatStopsTheOpening() throws Exception {
        ChunkId id = put(open(), data(3000, 1));
        Path file = reopen().pathOf(id);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(8, 2);
        bytes.putInt(60, BlockChecksums.crc(bytes.slice(0, 60)));
        Files.write(file, bytes.array());
        close();
        assertFails(StoreError.NEWER_FORMAT, this::open);
    }

    @Test
    void strangersAmongTheChunksAreLeftAlone() throws Exception {
        ChunkId id = put(open(), data(3000, 1));
        Path stranger = Files.writeString(directory.resolve("chunks/00/notes.txt"), "mine");
        Files.writeString(directory.resolve("chunks/00/short.chunk"), "mine");
        Files.writeString(directory.resolve("damaged/short.chunk"), "mine");
        assertThat(get(reopen(), id)).isEqualTo(data(3000, 1));
        assertThat(stranger).hasContent("mine");
    }

    @Test
    void draftsOfAKilledWriterAreReclaimed() throws Exception {
        open();
        Path draft = directory.resolve("tmp").resolve("orphan.1");
        Files.write(draft, new byte[1000]);
        reopen();
        assertThat(draft).doesNotExist();
    }

    @Test
    void aDeletedChunkIsGone() throws Exception {
        ChunkStore store = open();
        ChunkId id = put(store, data(3000, 1));
        assertThat(store.delete(id)).isTrue();
        assertThat(store.delete(id)).isFalse();
        assertFails(StoreError.NOT_FOUND, () -> get(store, id));
        assertThat(reopen().count()).isZero();
    }

    @Test
    void aFullDiskIsATypedErrorAndReadsGoOn() throws Exception {
        ChunkId id = put(open(), data(3000, 1));
        close();
        // The kernel's own ENOSPC, without a small file system.
        Disk full = new Disk() {
            @Override
            public void write(FileChannel file, ByteBuffer... parts) throws IOException {
                try (FileChannel device = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
                    Disk.REAL.write(device, parts);
                }
            }
        };
        ChunkStore store = open(FsyncPolicy.NONE, full, 0);
        assertFails(StoreError.NO_SPACE, () -> put(store, data(3000, 2)));
        assertThat(get(store, id)).isEqualTo(data(3000, 1));
        assertThat(directory.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void theReserveOfTheDiskIsKept() {
        ChunkStore store = open(FsyncPolicy.NONE, Disk.REAL, Long.MAX_VALUE / 2);
        assertFails(StoreError.NO_SPACE, () -> put(store, data(10, 2)));
    }

    @Test
    void afterAFailedSyncEveryWriteFails() throws Exception {
        Disk failing = new FailingDisk();
        ChunkStore store = open(FsyncPolicy.ALWAYS, failing, 0);
        FailingDisk.fail.set(true);
        try {
            assertFails(StoreError.DISK_FAILED, () -> put(store, data(10, 1)));
        } finally {
            FailingDisk.fail.set(false);
        }
        assertFails(StoreError.DISK_FAILED, () -> put(store, data(10, 1)));
        assertThat(reopen().count()).isZero();
    }

    private static final class FailingDisk implements Disk {
        static final AtomicBoolean fail = new AtomicBoolean();

        @Override
        public void force(FileChannel file) throws IOException {
            if (fail.get()) {
                throw new IOException("Input/output error");
            }
            Disk.REAL.force(file);
        }
    }
}
