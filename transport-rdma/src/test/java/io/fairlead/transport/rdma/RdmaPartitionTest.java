package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.PeerSession;
import java.time.Duration;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A link that goes dead, for good or for a while, between two machines whose processes live on. */
@Tag("rdma-network")
@ExtendWith(PoorLink.class)
class RdmaPartitionTest {
    private static final Duration FAR_OFF = Duration.ofMinutes(5);
    private static final TransportConfig QUICK_KEEP_ALIVE = keepAlive(Duration.ofSeconds(1), Duration.ofSeconds(4));
    private static final TransportConfig NO_KEEP_ALIVE = keepAlive(FAR_OFF, FAR_OFF.plusMinutes(1));

    /** Retries take half a second by default; the rest is for an emulated machine. */
    private static final Duration BOUND = Duration.ofSeconds(8);

    private static final int OPERATIONS = 200;
    private static final int FEW = 50;
    private static final int MANY = 256;
    private static final int BYTES = 1 << 16;

    private static TransportConfig keepAlive(Duration interval, Duration silence) {
        return TransportConfig.DEFAULT.with(TransportConfig.DEFAULT.timeouts().withKeepAlive(interval, silence));
    }

    @AfterEach
    void mend() {
        PoorLink.poor();
    }

    @Test
    void whatIsUnderWayEndsByRetriesAndTheNextConnectionWorks() {
        try (RdmaScene scene = new RdmaScene(new TwoGuestsFixture(), NO_KEEP_ALIVE)) {
            ContractEnvironment env = scene.environment();
            PeerProcess peer = env.peer(QUICK_KEEP_ALIVE);
            RegionDescriptor target = peer.grant("target", BYTES, Rights.ALL.bits());
            Transport near = env.start();
            MemoryRegion local = env.randomRegion(near, BYTES);
            Connection connection = env.connect(near, peer.endpoint(), env.handler());
            CompletionLog log = env.log(OPERATIONS);
            write(connection, log, OPERATIONS, local, target);
            Await.until("the first is done", env.soon(), () -> log.hasEnded(0));
            PoorLink.dead();

            log.awaitEnds(BOUND);
            assertThat(Await.result("the connection closes", connection.closed(), BOUND)
                            .code())
                    .isEqualTo(ErrorCode.PEER_DEAD);
            int done = 0;
            while (log.succeeded(done)) {
                done++;
            }
            assertThat(done).isLessThan(OPERATIONS);
            for (int i = done; i < OPERATIONS; i++) {
                assertThat(log.succeeded(i))
                        .as("operation " + i + " behind one that failed")
                        .isFalse();
            }
            Await.until("the peer notices too", env.soon(), () -> peer.count("closes") == 1);

            PoorLink.poor();
            Connection next = env.connect(near, peer.endpoint(), env.handler());
            Await.result("a write", next.write(local, 0, target, 0, BYTES).result(), env.soon());
            assertThat(peer.ask("crc target 0 " + BYTES)).isEqualTo(PeerSession.crc(local.segment()));
        }
    }

    @Test
    void anIdleConnectionNoticesOnBothSides() {
        try (RdmaScene scene = new RdmaScene(new TwoGuestsFixture(), QUICK_KEEP_ALIVE)) {
            ContractEnvironment env = scene.environment();
            PeerProcess peer = env.peer(env.config());
            Connection connection = env.connect(env.start(), peer.endpoint(), env.handler());
            Await.holdsFor(
                    "it stays open while the link is only poor",
                    Duration.ofSeconds(6),
                    () -> connection.state() == Connection.State.OPEN);
            PoorLink.dead();

            assertThat(Await.result("the near side closes", connection.closed(), BOUND)
                            .code())
                    .isEqualTo(ErrorCode.PEER_DEAD);
            Await.until("the far side closes", BOUND, () -> peer.count("closes") == 1);
        }
    }

    /** A second is twice as long as the retries by default; these go on for 7.5 s: 4.096 us x 2^18, seven times. */
    @Test
    void anOutageThatIsShorterThanTheRetriesIsOutlived() {
        try (RdmaScene scene = new RdmaScene(new TwoGuestsFixture(), NO_KEEP_ALIVE.with("rdma.ackTimeout", "18"))) {
            ContractEnvironment env = scene.environment();
            PeerProcess peer = env.peer(env.config());
            RegionDescriptor target = peer.grant("target", BYTES, Rights.ALL.bits());
            Transport near = env.start();
            MemoryRegion local = env.randomRegion(near, BYTES);
            Connection connection = env.connect(near, peer.endpoint(), env.handler());
            CompletionLog writes = env.log(FEW);
            CompletionLog messages = env.log(FEW);
            CRC32C sent = new CRC32C();
            write(connection, writes, FEW, local, target);
            for (int i = 0; i < FEW; i++) {
                int bytes = 1 + i;
                sent.update(local.segment().asSlice(0, bytes).asByteBuffer());
                messages.submit(
                        i, (done, context) -> connection.trySend(local, 0, bytes, FAR_OFF.toNanos(), done, context));
            }
            Await.until("the first is done", env.soon(), () -> writes.hasEnded(0));
            int before = writes.ended();
            PoorLink.pause();

            writes.awaitSuccess(env.soon());
            messages.awaitSuccess(env.soon());
            assertThat(before).as("what was done before the outage").isLessThan(FEW);
            Await.until("all are handled", env.soon(), () -> peer.count("messages") == FEW);
            assertThat(peer.ask("digest")).isEqualTo(Long.toHexString(sent.getValue()));
        }
    }

    /** 16 MiB take a quarter of a minute here: the pings must not stand behind all of them. */
    @Test
    void manyWritesDoNotLookLikeADeadPeer() {
        try (RdmaScene scene = new RdmaScene(new TwoGuestsFixture(), TransportConfig.DEFAULT)) {
            ContractEnvironment env = scene.environment();
            PeerProcess peer = env.peer(env.config());
            RegionDescriptor target = peer.grant("target", BYTES, Rights.ALL.bits());
            Transport near = env.start();
            MemoryRegion local = env.randomRegion(near, BYTES);
            Connection connection = env.connect(near, peer.endpoint(), env.handler());
            CompletionLog log = env.log(MANY);
            write(connection, log, MANY, local, target);

            log.awaitSuccess(Duration.ofMinutes(2));
            assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
        }
    }

    private static void write(
            Connection connection, CompletionLog log, int count, MemoryRegion local, RegionDescriptor target) {
        for (int i = 0; i < count; i++) {
            assertThat(log.submit(
                            i,
                            (done, context) ->
                                    connection.tryWrite(local, 0, target, 0, BYTES, FAR_OFF.toNanos(), done, context)))
                    .isNotNegative();
        }
    }
}
