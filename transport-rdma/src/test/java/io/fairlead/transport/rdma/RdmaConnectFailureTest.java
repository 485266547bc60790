package io.fairlead.transport.rdma;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import io.fairlead.transport.Listener;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.KitHandler;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connecting that cannot succeed fails typed and in time, says why, and leaves nothing. */
@Tag("rdma")
class RdmaConnectFailureTest {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final TransportConfig IMPATIENT =
            TransportConfig.DEFAULT.with(TransportConfig.DEFAULT.timeouts().withConnect(CONNECT, CONNECT));

    @Test
    void aHostThatNeverAnswersCostsTheTimeToConnect() throws Exception {
        try (RdmaScene scene = new RdmaScene(IMPATIENT)) {
            Transport near = scene.environment().start();
            Endpoint silent = new Endpoint(unusedNeighbour(), 4711);
            long fromNs = System.nanoTime();

            TransportException failure = failure(scene.environment(), near.connect(silent, handler(scene)));

            assertThat(failure).hasMessageContaining(silent.toString());
            assertThat(Duration.ofNanos(System.nanoTime() - fromNs)).isLessThan(CONNECT.plusSeconds(5));
        }
    }

    @Test
    void aHostThatIsGivenUpLeavesNothing() throws Exception {
        try (RdmaScene scene = new RdmaScene()) {
            Transport near = scene.environment().start();
            CompletableFuture<Connection> connecting =
                    near.connect(new Endpoint(unusedNeighbour(), 4711), handler(scene));
            connecting.cancel(true);
        }
    }

    @Test
    void aHostWithoutARouteFails() {
        try (RdmaScene scene = new RdmaScene(IMPATIENT)) {
            Transport near = scene.environment().start();
            // Of a block that is for documentation: where a default route leads there after all, nobody answers.
            Endpoint nowhere = new Endpoint("192.0.2.1", 4711);
            long fromNs = System.nanoTime();

            assertThat(failure(scene.environment(), near.connect(nowhere, handler(scene))))
                    .hasMessageContaining("192.0.2.1");
            assertThat(Duration.ofNanos(System.nanoTime() - fromNs)).isLessThan(CONNECT.plusSeconds(5));
        }
    }

    @Test
    void aListenerThatIsFullSaysSo() {
        try (RdmaScene scene = new RdmaScene()) {
            ContractEnvironment env = scene.environment();
            Transport near = env.start();
            Transport far = env.start(env.config().with(Limits.DEFAULT.withConnections(1, 1)));
            Listener listener = env.listen(far, connection -> env.handler());
            Connection first = env.connect(near, listener.endpoint(), env.handler());

            assertThat(failure(env, near.connect(listener.endpoint(), env.handler())))
                    .hasMessageContaining("limit maxConnections is reached");
            assertThat(first.state()).isEqualTo(Connection.State.OPEN);
        }
    }

    @Test
    void theWordsOfAnotherProgramsRefusalAreTold() throws Exception {
        try (RdmaScene scene = new RdmaScene();
                VerbsPeer peer = new VerbsPeer()) {
            var connecting = scene.environment().start().connect(peer.endpoint(), handler(scene));
            peer.reject("closed on Mondays".getBytes(UTF_8));

            assertThat(failure(scene.environment(), connecting)).hasMessageContaining("closed on Mondays");
        }
    }

    @Test
    void anAnswerThatIsNotAPeersIsTurnedDown() throws Exception {
        byte[] terms = new Terms(64, 8192).encode();
        byte[] laterVersion = terms.clone();
        laterVersion[4]++;
        for (byte[] answer : new byte[][] {{}, "hello".getBytes(UTF_8), laterVersion}) {
            try (RdmaScene scene = new RdmaScene();
                    VerbsPeer peer = new VerbsPeer()) {
                var connecting = scene.environment().start().connect(peer.endpoint(), handler(scene));
                peer.accept(1, answer);

                assertThat(failure(scene.environment(), connecting))
                        .hasMessageContaining("not one of Fairlead, or of another version");
                peer.await(CmEventType.ESTABLISHED);
                peer.await(CmEventType.DISCONNECTED);
            }
        }
    }

    @Test
    void aPeerThatVanishesBeforeTheHandshakeIsFoundByRetries() throws Exception {
        TransportConfig patient = TransportConfig.DEFAULT.with(
                TransportConfig.DEFAULT.timeouts().withConnect(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        try (RdmaScene scene = new RdmaScene(patient);
                VerbsPeer peer = new VerbsPeer()) {
            var connecting = scene.environment().start().connect(peer.endpoint(), handler(scene));
            peer.accept(0);
            peer.vanish();

            assertThat(failure(scene.environment(), connecting))
                    .hasMessageContaining("no acknowledgement after 6 retries");
        }
    }

    private static TransportException failure(ContractEnvironment env, CompletableFuture<Connection> connecting) {
        TransportException failure = Await.failure("connecting", connecting, env.soon());
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(ErrorCode.CONNECT_FAILED);
        return failure;
    }

    private static KitHandler handler(RdmaScene scene) {
        return scene.environment().handler();
    }

    /** The last address of the device's network that is not this machine's. */
    private static String unusedNeighbour() throws Exception {
        InetAddress own =
                InetAddress.getByName(new RdmaFixture().listenAddress().host());
        byte[] address = own.getAddress();
        int prefix = prefix(own);
        for (int bit = prefix; bit < 8 * address.length; bit++) {
            address[bit / 8] |= (byte) (0x80 >>> bit % 8);
        }
        address[address.length - 1]--; // not the broadcast address
        assertThat(address).isNotEqualTo(own.getAddress());
        return InetAddress.getByAddress(address).getHostAddress();
    }

    private static int prefix(InetAddress own) throws SocketException {
        for (InterfaceAddress each :
                Objects.requireNonNull(NetworkInterface.getByInetAddress(own)).getInterfaceAddresses()) {
            if (each.getAddress().equals(own)) {
                return each.getNetworkPrefixLength();
            }
        }
        throw new AssertionError("no interface has " + own);
    }
}
