package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.Bytes;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.PeerProcess;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer that dies in the middle of large transfers: what was done before is done, all the rest ends once, and nothing is left. The
 * keep-alive is far off here, so that it cannot be what finds the death.
 */
@Tag("rdma")
class RdmaPeerDeathTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int OPERATIONS = 400;
    private static final Duration FAR_OFF = Duration.ofMinutes(5);
    private static final TransportConfig WITHOUT_KEEP_ALIVE = TransportConfig.DEFAULT.with(
            TransportConfig.DEFAULT.timeouts().withKeepAlive(FAR_OFF, FAR_OFF.plusMinutes(1)));

    /** Half a second by the defaults of rdma.ackTimeout and rdma.retries, and what an emulated machine adds. */
    private static final Duration BOUND = Duration.ofSeconds(8);

    @ParameterizedTest
    @ValueSource(strings = {"writing", "reading"})
    void killedInTheMiddleItEndsWhatIsUnderWayInOrder(String how) {
        try (RdmaScene scene = new RdmaScene(WITHOUT_KEEP_ALIVE)) {
            ContractEnvironment env = scene.environment();
            boolean writing = how.equals("writing");
            PeerProcess peer = env.peer(env.config());
            RegionDescriptor target = peer.grant("target", MEBIBYTE, Rights.ALL.bits());
            Transport near = env.start();
            Connection connection = env.connect(near, peer.endpoint(), env.handler());
            MemoryRegion local = env.randomRegion(near, MEBIBYTE);
            CompletionLog log = env.log(OPERATIONS);

            Thread submitter = Thread.ofVirtual().start(() -> stream(connection, log, local, target, writing));
            Await.until("some are done", env.soon(), () -> log.ended() >= 3);
            peer.kill();
            log.awaitEnds(BOUND);
            assertThat(Await.result("the connection closes", connection.closed(), BOUND)
                            .code())
                    .isEqualTo(ErrorCode.PEER_DEAD);
            Await.until("nothing more is submitted", env.soon(), () -> !submitter.isAlive());
            log.verify(env.soon());

            int done = 0;
            while (log.succeeded(done)) {
                done++;
            }
            assertThat(done).as("those done before the death").isBetween(3, OPERATIONS - 1);
            ErrorCode before = ErrorCode.OUTCOME_UNKNOWN; // those that were on the wire, if it was not empty just then
            for (int i = done; i < OPERATIONS && log.wasAccepted(i); i++) {
                if (!(log.failure(i) instanceof TransportException failure)) {
                    throw new AssertionError("operation " + i + " ended with " + log.failure(i));
                }
                assertThat(failure.code())
                        .as("operation %d, after %d were done and one ended with %s", i, done, before)
                        .isIn(before, ErrorCode.CLOSED);
                before = failure.code();
            }
            Await.result("the region closes", local.release(), env.soon());
        }
    }

    /** Submits until the connection refuses. */
    private static void stream(
            Connection connection, CompletionLog log, MemoryRegion local, RegionDescriptor target, boolean writing) {
        for (int i = 0; i < OPERATIONS; i++) {
            long answer;
            do {
                answer = log.submit(
                        i,
                        (done, context) -> writing
                                ? connection.tryWrite(local, 0, target, 0, MEBIBYTE, FAR_OFF.toNanos(), done, context)
                                : connection.tryRead(local, 0, target, 0, MEBIBYTE, FAR_OFF.toNanos(), done, context));
                Thread.onSpinWait();
            } while (answer == ErrorCode.BACK_PRESSURED.refusal());
            if (answer < 0) {
                assertThat(ErrorCode.ofRefusal(answer)).isEqualTo(ErrorCode.CLOSED);
                return;
            }
        }
    }

    @Test
    void aQueuePairThatIsGoneWithoutAWordIsFoundByRetries() throws Exception {
        try (RdmaScene scene = new RdmaScene(WITHOUT_KEEP_ALIVE);
                VerbsPeer peer = new VerbsPeer()) {
            ContractEnvironment env = scene.environment();
            Transport near = env.start();
            var connecting = near.connect(peer.endpoint(), env.handler());
            peer.accept(2);
            peer.shakeHands();
            Connection connection = Await.result("connecting", connecting, env.soon());
            MemoryRegion local = env.randomRegion(near, 65_536);
            Await.result(
                    "a write while it is there",
                    connection
                            .write(local, 0, peer.target(), 0, 65_536, FAR_OFF)
                            .result(),
                    env.soon());
            Bytes.same("what was written", local.segment(), peer.targetMemory().asSlice(0, 65_536));

            peer.vanish();
            long fromNs = System.nanoTime();
            var write = connection.write(local, 0, peer.target(), 0, 65_536, FAR_OFF);
            var message = connection.send(local, 0, 64, FAR_OFF);
            assertThat(Await.failure("a write into the void", write, BOUND).code())
                    .isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
            assertThat(Await.failure("a message into the void", message, BOUND).code())
                    .isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
            TransportException cause = Await.result("the connection closes", connection.closed(), BOUND);
            assertThat(cause.code()).isEqualTo(ErrorCode.PEER_DEAD);
            assertThat(cause).hasMessageContaining("no acknowledgement after 6 retries");
            assertThat(Duration.ofNanos(System.nanoTime() - fromNs)).isLessThan(BOUND);
        }
    }
}
