package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.EventChannel;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.VerbsException;
import io.fairlead.transport.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who does not become a peer is refused or given up in time, with the reason, and keeps nobody out. */
@Tag("rdma")
class RdmaHostileConnectTest {
    private static final Timeouts TIMEOUTS = TransportConfig.DEFAULT.timeouts();

    /** Private data that is no terms, and what the refusal says of it. */
    private static Map<byte[], String> badTerms() {
        byte[] good = RawEnd.TERMS.encode();
        Map<byte[], String> bad = new LinkedHashMap<>();
        bad.put(new byte[0], "not one of Fairlead");
        bad.put(Arrays.copyOf(good, 4), "not one of Fairlead");
        bad.put(Arrays.copyOf(good, 9), "16 slots of 0 bytes, not 16 to 4096"); // the manager pads with zeros
        bad.put("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), "not one of Fairlead");
        bad.put(changed(good, 0, 'X'), "not one of Fairlead");
        bad.put(changed(good, 4, 2), "another version than 1");
        bad.put(changed(good, 12, 1), "another version than 1");
        bad.put(new Terms(0, 8192).encode(), "0 slots of 8192 bytes, not 16 to 4096");
        bad.put(new Terms(15, 8192).encode(), "15 slots");
        bad.put(new Terms(4097, 8192).encode(), "4097 slots");
        bad.put(new Terms(0xffff, 8192).encode(), "65535 slots");
        bad.put(new Terms(64, 0).encode(), "of 0 bytes");
        bad.put(new Terms(64, -1).encode(), "of 4294967295 bytes");
        bad.put(new Terms(64, Integer.MAX_VALUE).encode(), "of 2147483647 bytes");
        return bad;
    }

    private static byte[] changed(byte[] good, int at, int value) {
        byte[] bytes = good.clone();
        bytes[at] = (byte) value;
        return bytes;
    }

    @Test
    void aRequestWithBadTermsIsRefusedByWhatIsWrong() {
        try (HostileScene scene = new HostileScene()) {
            badTerms()
                    .forEach((terms, why) -> assertThat(scene.raw.refusal(scene.door.endpoint(), terms))
                            .contains(why));
        }
    }

    @Test
    void anAnswerWithBadTermsFailsTheConnectByWhatIsWrong() {
        try (HostileScene scene = new HostileScene()) {
            badTerms().forEach((terms, why) -> {
                TransportException failure = failure(scene, terms, false);
                assertThat(failure.code()).isEqualTo(ErrorCode.CONNECT_FAILED);
                assertThat(failure).hasMessageContaining(why);
            });
        }
    }

    @Test
    void aListenerThatSpeaksFirstFailsTheConnectAtOnce() {
        try (HostileScene scene = new HostileScene()) {
            TransportException failure = failure(scene, RawEnd.TERMS.encode(), true);
            assertThat(failure.code()).isIn(ErrorCode.CONNECT_FAILED, ErrorCode.HANDSHAKE_REFUSED);
            assertThat(failure.getMessage()).doesNotContain("no answer within").doesNotContain("no handshake within");
        }
    }

    /** How a connect ends to a listener that answers so. */
    private static TransportException failure(HostileScene scene, byte[] answer, boolean speaks) {
        try (RdmaRawPeers.Door door = scene.raw.listen()) {
            CompletableFuture<Connection> connecting =
                    scene.good.nearTransport().connect(door.endpoint(), scene.env.handler());
            try (RawEnd end = door.answer(HostileScene.SOON, answer)) {
                if (speaks) {
                    end.send("220 ready\r\n".getBytes(StandardCharsets.US_ASCII), 0);
                }
                return Await.failure("connecting", connecting, HostileScene.SOON);
            }
        } catch (VerbsException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoAsksAndNeverEstablishesIsGivenUpAfterTheTimeOfAHandshake() throws Exception {
        TransportConfig config =
                TransportConfig.DEFAULT.with(TIMEOUTS.withConnect(TIMEOUTS.connect(), Duration.ofSeconds(2)));
        try (HostileScene scene = new HostileScene(config)) {
            EventChannel events = Rdma.open().createEventChannel();
            int before = HostileScene.openObjects();
            // An id without a queue pair gets the answer, and does not say that it is ready.
            try (ConnectionId id = RdmaRawPeers.ask(events, scene.door.endpoint())) {
                id.connect(RawEnd.parameters(RawEnd.TERMS.encode()));
                RdmaRawPeers.await(events, HostileScene.SOON, CmEventType.CONNECT_RESPONSE);
                assertThat(HostileScene.openObjects()).isGreaterThan(before + 1);
                Await.until(
                        "the listener has let go",
                        Duration.ofSeconds(20),
                        () -> HostileScene.openObjects() == before + 1);
            }
            events.close();
        }
    }

    /** A connection holds a part of its loop's completion queue, of which there is less than handshakes may be under way. */
    @Test
    void whoDoesNotShakeHandsMakesRoomInTheCompletionQueue() {
        TransportConfig config = TransportConfig.DEFAULT
                .with(TIMEOUTS.withConnect(TIMEOUTS.connect(), Duration.ofMinutes(5)))
                .with("rdma.sendRequests", "8192");
        try (HostileScene scene = new HostileScene(config)) {
            List<RawEnd> silent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                silent.add(scene.raw.connect(scene.door.endpoint()));
            }
            assertThat(silent.getFirst().awaitClosed(HostileScene.SOON))
                    .as("the oldest made room")
                    .isTrue();
            scene.unharmed("silent peers");
            silent.forEach(RawEnd::close);
        }
    }
}
