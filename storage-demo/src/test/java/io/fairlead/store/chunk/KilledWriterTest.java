package io.fairlead.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.store.disk.Disk;
import io.fairlead.store.disk.DurableFiles;
import io.fairlead.store.disk.FsyncPolicy;
import io.fairlead.store.disk.Volume;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KilledWriterTest {
    private static final int LENGTH = 300_000;

    @TempDir
    Path directory;

    /** Writes until it is killed, and tells of each chunk that was acknowledged. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            Volume volume = Volume.open(Path.of(args[0]), "c", "n1");
            DurableFiles files = files(volume, FsyncPolicy.Mode.valueOf(args[1]));
            ChunkStore store = ChunkStore.open(volume, files, new SimpleMeterRegistry());
            for (long low = 0; ; low++) {
                ChunkId id = new ChunkId(0x1234_5678_9abcL * (low + 1), low);
                ByteBuffer data = data(id);
                store.write(id, data, BlockChecksums.of(data, 16_384));
                System.out.println(id);
            }
        }
    }

    private static DurableFiles files(Volume volume, FsyncPolicy.Mode mode) {
        FsyncPolicy policy = new FsyncPolicy(mode, Duration.ofMillis(10), 4 << 20);
        return new DurableFiles(volume.temporary(), policy, Disk.REAL, 0, new SimpleMeterRegistry());
    }

    private static ByteBuffer data(ChunkId id) {
        byte[] bytes = new byte[LENGTH];
        new Random(id.high() ^ id.low()).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void everyAcknowledgedChunkSurvivesKillDash9UnderEveryPolicy() throws Exception {
        for (FsyncPolicy.Mode mode : FsyncPolicy.Mode.values()) {
            Path volume = directory.resolve(mode.name());
            List<ChunkId> acknowledged = writeAndKill(volume, mode, 20);
            assertAllThere(volume, acknowledged);
        }
    }

    private static List<ChunkId> writeAndKill(Path volume, FsyncPolicy.Mode mode, int chunks)
            throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        volume.toString(),
                        mode.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ChunkId> acknowledged = new ArrayList<>();
        try (BufferedReader lines = writer.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged.add(ChunkId.parse(line));
                if (acknowledged.size() == chunks) {
                    // By the handle: Process.destroyForcibly would also close our end of the pipe.
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(chunks);
        return acknowledged;
    }

    private static void assertAllThere(Path directory, List<ChunkId> acknowledged) {
        try (Volume volume = Volume.open(directory, "c", "n1")) {
            volume.reclaimDrafts();
            assertThat(volume.temporary()).isEmptyDirectory();
            try (DurableFiles files = files(volume, FsyncPolicy.Mode.NONE)) {
                ChunkStore store = ChunkStore.open(volume, files, new SimpleMeterRegistry());
                assertThat(store.damaged()).isEmpty();
                ByteBuffer into = ByteBuffer.allocate(LENGTH);
                for (ChunkId id : acknowledged) {
                    store.read(id, into);
                    assertThat(into).isEqualTo(data(id));
                }
            }
        }
    }
}
