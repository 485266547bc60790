package io.fairlead.transport.testkit.contract;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Row 12, by calls of the SPI: peers that are not there, do not answer, or are too many. */
final class HandshakeNegatives {
    private static final Duration CONNECT = Duration.ofMillis(500);

    private HandshakeNegatives() {}

    static List<Promise> promises() {
        return List.of(
                Promise.of(12, "connectingToNobodyFailsTyped", HandshakeNegatives::nobody),
                Promise.of(12, "connectingToAPeerThatDoesNotAnswerFailsInTime", HandshakeNegatives::silent),
                Promise.of(12, "aSecurityModeThatCannotBeHonouredIsRefusedAtTheStart", HandshakeNegatives::security),
                Promise.of(12, "moreConnectionsThanTheLimitAreRefusedAndTheOthersLive", HandshakeNegatives::tooMany));
    }

    private static void nobody(ContractEnvironment env) {
        Transport near = env.start();
        Expect.code(
                "connecting to nobody",
                ErrorCode.CONNECT_FAILED,
                Await.failure("connecting", near.connect(env.fixture().deadAddress(), env.handler()), env.soon()));
    }

    private static void silent(ContractEnvironment env) {
        TransportConfig config = env.config().with(env.config().timeouts().withConnect(CONNECT, CONNECT));
        PeerProcess peer = env.peer(config);
        Transport near = env.start(config);
        peer.suspend();
        long fromNs = System.nanoTime();
        TransportException failure =
                Await.failure("connecting", near.connect(peer.endpoint(), env.handler()), CONNECT.plus(env.soon()));
        Expect.code("connecting to a silent peer", ErrorCode.CONNECT_FAILED, failure);
        Expect.atMost("time to fail in ms", CONNECT.toMillis() + 2000, (System.nanoTime() - fromNs) / 1_000_000);
        peer.resume();
        CompletableFuture<Connection> connected = new CompletableFuture<>();
        // The time to connect is short, and a peer that has just come to itself may need more at first.
        Await.until("the next attempt succeeds", env.soon(), () -> {
            near.connect(peer.endpoint(), env.handler())
                    .handle((connection, late) -> late == null && connected.complete(connection))
                    .join();
            return connected.isDone();
        });
        Connection next = connected.join();
        Await.result(
                "the next connection works", next.fence(Duration.ofSeconds(5)).result(), env.soon());
    }

    private static void security(ContractEnvironment env) {
        Transport transport;
        try {
            transport = env.start(env.config().with(SecurityMode.ENCRYPTED));
        } catch (TransportException e) {
            Expect.code("a start", ErrorCode.SECURITY, e);
            return;
        }
        // It claims to encrypt; then at least it must not talk to a side that does not.
        Transport plain = env.start();
        Listener listener = env.listen(transport, connection -> env.handler());
        Expect.oneOf(
                "a connect across security modes",
                Set.of(ErrorCode.SECURITY, ErrorCode.HANDSHAKE_REFUSED),
                Await.failure("connecting", plain.connect(listener.endpoint(), env.handler()), env.soon()));
    }

    private static void tooMany(ContractEnvironment env) {
        int most = 4;
        Transport near = env.start();
        Transport far = env.start(env.config().with(env.config().limits().withConnections(most, most)));
        Listener listener = env.listen(far, connection -> env.handler());
        List<Connection> open = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            open.add(env.connect(near, listener.endpoint(), env.handler()));
        }
        for (int i = 0; i < 10; i++) {
            Await.failure("one connection too many", near.connect(listener.endpoint(), env.handler()), env.soon());
        }
        MemoryRegion local = env.region(near, 64);
        for (Connection connection : open) {
            Await.result(
                    "a connection within the limit",
                    connection.request(local.segment()).result(),
                    env.soon());
        }
        Await.result("close", open.getFirst().close(Duration.ofSeconds(1)), env.soon());
        Await.until("there is room again", env.soon(), () -> {
            try {
                env.connect(near, listener.endpoint(), env.handler());
                return true;
            } catch (TransportException e) {
                return false;
            }
        });
    }
}
