package io.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.manifest.Version;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leased slots of a single node, seen by a client that does each step by hand. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test starts the cluster it needs
class SlotsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int LENGTH = 10_000;

    @TempDir
    Path directory;

    private TestCluster cluster;
    private Transport transport;
    private Connection connection;
    private MemoryRegion local;

    private void start(String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "store.replication.replicas=1";
        all[settings.length + 1] = "store.replication.min-replicas=1";
        cluster = new TestCluster(directory, all).start("n1");
        transport = cluster.clientTransport();
        connection = connect();
        local = transport.allocate(65_536);
        for (int i = 0; i < LENGTH; i++) {
            local.segment().set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31));
        }
    }

    private Connection connect() {
        Connection fresh = transport
                .connect(cluster.node("n1").endpoint(), new ConnectionHandler() {})
                .join();
        assertThat(ask(fresh, new Request.Hello("fairlead", "n1"))).isInstanceOf(Reply.Done.class);
        return fresh;
    }

    @AfterEach
    void stop() throws Exception {
        local.close();
        cluster.close();
    }

    private static Reply ask(Connection connection, Request request) {
        return Reply.decode(ByteBuffer.wrap(connection
                .request(MemorySegment.ofArray(request.encode()), LONG)
                .await()));
    }

    private Reply ask(Request request) {
        return ask(connection, request);
    }

    private Reply.Granted grant() {
        return (Reply.Granted) ask(new Request.GrantSlot(LENGTH));
    }

    private BlockChecksums checksums() {
        return BlockChecksums.of(local.segment().asSlice(0, LENGTH).asByteBuffer(), 1024);
    }

    private void write(Reply.Granted slot) {
        connection.write(local, 0, slot.slot(), 0, LENGTH, LONG).await();
    }

    private double slotsInUse(String pool) {
        return cluster.meters("n1")
                .get("store.slots.in.use")
                .tag("pool", pool)
                .gauge()
                .value();
    }

    private static void assertError(StoreError error, Reply reply) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failure.class,
                        f -> assertThat(f.error()).as(f.message()).isEqualTo(error));
    }

    @Test
    void aChunkGoesInByWriteAndCommitAndOutByReadAndRelease() {
        start();
        Reply.Granted slot = grant();
        write(slot);
        ChunkId id = ChunkId.random();
        assertThat(ask(new Request.CommitChunk(slot.lease(), id, checksums()))).isInstanceOf(Reply.Done.class);
        assertThat(slotsInUse("write")).isZero();

        Reply.Staged staged = (Reply.Staged) ask(new Request.ReadChunk(id));
        assertThat(staged.checksums()).isEqualTo(checksums());
        connection.read(local, 20_000, staged.slot(), 0, LENGTH, LONG).await();
        assertThat(local.segment()
                        .asSlice(20_000, LENGTH)
                        .mismatch(local.segment().asSlice(0, LENGTH)))
                .isEqualTo(-1);
        connection
                .send(MemorySegment.ofArray(new Request.Release(staged.lease()).encode()), LONG)
                .await();
        await().until(() -> slotsInUse("read") == 0);
    }

    @Test
    void whenAllSlotsAreOutTheNodeSaysBusyAndWhenToComeAgain() {
        start("store.node.write-slots=2", "store.node.retry-after=7ms");
        grant();
        Reply.Granted second = grant();
        assertThat(ask(new Request.GrantSlot(LENGTH))).isInstanceOfSatisfying(Reply.Failure.class, busy -> {
            assertThat(busy.error()).isEqualTo(StoreError.BUSY);
            assertThat(busy.retryAfterMs()).isEqualTo(7);
        });
        connection
                .send(MemorySegment.ofArray(new Request.Release(second.lease()).encode()), LONG)
                .await();
        await().until(() -> slotsInUse("write") == 1);
        grant();
    }

    @Test
    void aClientWaitsForASlotUntilItsDeadlineAndNoLonger() {
        start("store.node.write-slots=1", "store.client.chunk-timeout=300ms");
        StoreClient client = cluster.client();
        Reply.Granted slot = grant();
        assertThatThrownBy(() -> ClusterTest.put(client, "k", ClusterTest.bytes(100)))
                .hasMessageContaining("was not done within PT0.3S");
        connection
                .send(MemorySegment.ofArray(new Request.Release(slot.lease()).encode()), LONG)
                .await();
        ClusterTest.put(client, "k", ClusterTest.bytes(100));
    }

    @Test
    void anExpiredLeaseIsTakenBackAndItsLateCommitRefused() {
        start("store.node.write-slots=1", "store.node.lease=50ms");
        Reply.Granted slot = grant();
        await().until(() -> slotsInUse("write") == 0);
        assertError(StoreError.LEASE_LOST, ask(new Request.CommitChunk(slot.lease(), ChunkId.random(), checksums())));
        assertThatThrownBy(() -> write(slot)).isInstanceOf(TransportException.class);
        assertThat(cluster.meters("n1")
                        .get("store.leases.expired")
                        .tag("pool", "write")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aLeaseEndsWithItsConnectionAndServesNoOther() {
        start("store.node.write-slots=1");
        Connection other = connect();
        Reply.Granted slot = (Reply.Granted) ask(other, new Request.GrantSlot(LENGTH));
        assertError(StoreError.LEASE_LOST, ask(new Request.CommitChunk(slot.lease(), ChunkId.random(), checksums())));
        other.close(Duration.ZERO).join();
        await().until(() -> slotsInUse("write") == 0);
        grant();
    }

    @Test
    void bytesDamagedOnTheWayAreNotPersisted() {
        start();
        Reply.Granted slot = grant();
        write(slot);
        BlockChecksums right = checksums();
        int[] crcs = right.crcs().clone();
        crcs[3]++;
        ChunkId id = ChunkId.random();
        BlockChecksums wrong = new BlockChecksums(LENGTH, 1024, crcs);
        assertError(StoreError.CORRUPT, ask(new Request.CommitChunk(slot.lease(), id, wrong)));
        assertError(StoreError.NOT_FOUND, ask(new Request.ReadChunk(id)));
        assertThat(slotsInUse("write") + slotsInUse("read")).isZero();
    }

    @Test
    void aCommittedSlotCannotBeWrittenAnyMore() {
        start();
        Reply.Granted slot = grant();
        write(slot);
        ask(new Request.CommitChunk(slot.lease(), ChunkId.random(), checksums()));
        assertThatThrownBy(() -> write(slot)).isInstanceOf(TransportException.class);
    }

    @Test
    void aSlotForMoreThanAChunkIsRefused() {
        start();
        assertError(StoreError.TOO_LARGE, ask(new Request.GrantSlot(65_537)));
        assertError(StoreError.TOO_LARGE, ask(new Request.GrantSlot(0)));
        assertThat(slotsInUse("write")).isZero();
    }

    @Test
    void theLargestManifestFitsAMessage() {
        start();
        List<ChunkRef> chunks = new ArrayList<>();
        for (int i = 0; i < Manifest.MAX_CHUNKS; i++) {
            chunks.add(new ChunkRef(new ChunkId(i, i), 4 << 20, i, List.of("n1", "n2", "n3")));
        }
        Manifest largest = new Manifest(
                "k".repeat(Manifest.MAX_KEY_BYTES),
                new Version(1, 1),
                false,
                Instant.ofEpochMilli(1),
                (long) chunks.size() * (4 << 20),
                "00".repeat(32),
                chunks);
        assertThat(ask(new Request.PutManifest(largest))).isInstanceOf(Reply.Done.class);
        assertThat(ask(new Request.GetManifest(largest.key()))).isEqualTo(new Reply.Found(Optional.of(largest)));
    }

    @Test
    void withoutAHelloNothingIsAnswered() {
        start();
        Connection stranger = transport
                .connect(cluster.node("n1").endpoint(), new ConnectionHandler() {})
                .join();
        assertError(StoreError.BAD_MESSAGE, ask(stranger, new Request.AskStatus()));
    }
}
