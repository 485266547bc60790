package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.CompletionLog;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.PeerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A peer that has no receive for what is sent is waited for, as long as the deadlines and the keep-alive let it. */
@Tag("rdma")
class RdmaLateReceiverTest {
    private static final Duration FAR_OFF = Duration.ofMinutes(5);
    private static final Duration WATCH = Duration.ofMillis(300);
    private static final int FRAME_BYTES = 4096;

    private static TransportConfig keepAlive(Duration interval, Duration silence) {
        Timeouts timeouts = TransportConfig.DEFAULT.timeouts().withKeepAlive(interval, silence);
        return TransportConfig.DEFAULT.with(timeouts);
    }

    /** Far more than the peer has slots: they are used up, and the rest waits. */
    @Test
    void aStoppedPeerTakesEveryMessageInOrderWhenItGoesOn() {
        int messages = 200;
        int bytes = 20_000;
        try (RdmaScene scene = new RdmaScene(keepAlive(FAR_OFF, FAR_OFF.plusMinutes(1)))) {
            ContractEnvironment env = scene.environment();
            PeerProcess peer = env.peer(env.config());
            Transport near = env.start();
            Connection connection = env.connect(near, peer.endpoint(), env.handler());
            MemoryRegion local = env.randomRegion(near, messages + bytes);
            CRC32C sent = new CRC32C();
            CompletionLog log = env.log(messages);
            peer.suspend();
            for (int i = 0; i < messages; i++) {
                int from = i;
                sent.update(local.segment().asSlice(from, bytes).asByteBuffer());
                assertThat(log.submit(
                                i,
                                (done, context) ->
                                        connection.trySend(local, from, bytes, FAR_OFF.toNanos(), done, context)))
                        .isNotNegative();
            }
            Await.holdsFor("no message is taken by a peer that stands still", WATCH, () -> log.ended() == 0);
            peer.resume();

            log.awaitSuccess(env.soon());
            Await.until("all are handled", env.soon(), () -> peer.count("messages") == messages);
            assertThat(peer.ask("digest")).isEqualTo(Long.toHexString(sent.getValue()));
        }
    }

    @Test
    void whatFindsNoReceivePostedArrivesOnceThereIsOne() throws Exception {
        try (RdmaScene scene = new RdmaScene(keepAlive(FAR_OFF, FAR_OFF.plusMinutes(1)));
                VerbsPeer peer = new VerbsPeer()) {
            ContractEnvironment env = scene.environment();
            Connection connection = connected(env, peer);
            var messages = new ArrayList<Operation<?>>();
            for (int i = 0; i < 4; i++) {
                messages.add(connection.send(local(connection), 0, FRAME_BYTES, FAR_OFF));
            }
            Await.holdsFor("nothing comes without a receive", WATCH, () -> !peer.hasCompleted());
            assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
            peer.receive(8);

            int came = 0;
            while (came < 4 * FRAME_BYTES) {
                came += peer.awaitCompletion();
            }
            assertThat(messages).allMatch(message -> !message.result().isDone(), "is not acknowledged");
        }
    }

    @Test
    void withoutReceivesItEndsByTheDeadlineAndTheKeepAlive() throws Exception {
        try (RdmaScene scene = new RdmaScene(keepAlive(Duration.ofSeconds(1), Duration.ofSeconds(4)));
                VerbsPeer peer = new VerbsPeer()) {
            ContractEnvironment env = scene.environment();
            Connection connection = connected(env, peer);
            MemoryRegion local = local(connection);
            var brief = connection.send(local, 0, FRAME_BYTES, Duration.ofSeconds(1));
            var patient = connection.send(local, 0, FRAME_BYTES, FAR_OFF);

            assertThat(Await.failure("the brief one", brief, Duration.ofSeconds(3))
                            .code())
                    .isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
            assertThat(connection.state()).isEqualTo(Connection.State.OPEN);
            assertThat(Await.failure("the patient one", patient, Duration.ofSeconds(10))
                            .code())
                    .isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
            assertThat(Await.result("the connection closes", connection.closed(), env.soon())
                            .code())
                    .isEqualTo(ErrorCode.PEER_DEAD);
            Await.result("the region closes", local.release(), env.soon());
        }
    }

    /** With a receive for the handshake, and none that is left. */
    private static Connection connected(ContractEnvironment env, VerbsPeer peer) throws Exception {
        var connecting = env.start().connect(peer.endpoint(), env.handler());
        peer.accept(1);
        peer.shakeHands();
        return Await.result("connecting", connecting, env.soon());
    }

    private static MemoryRegion local(Connection connection) {
        return connection.transport().allocate(FRAME_BYTES);
    }
}
