package io.fairlead.transport.kcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Message;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.kcp.ControlDatagram.Type;
import io.fairlead.transport.kcp.Forger.Kind;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever comes to a socket, other conversations go on. {@code -Dfairlead.fuzz.minutes=10} forges for as long; {@code
 * -Dfairlead.fuzz.seed} repeats a run.
 */
@ExtendWith(NoBufferLeaks.class)
class HostileDatagramsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] QUESTION = new byte[3000];

    private final long seed = Long.getLong("fairlead.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Transport server = start(DatagramLayer.NONE);
    private final Endpoint door =
            server.listen(Endpoint.loopback(), peer -> new Echo()).endpoint();
    private final Transport good = start(DatagramLayer.NONE);

    private static final class Echo implements ConnectionHandler {
        @Override
        public void request(Connection from, long requestId, Message message) {
            from.reply(requestId, message.payload());
        }
    }

    private static Transport start(DatagramLayer layer) {
        // Trains would pass the forger by as one.
        TransportConfig config =
                TransportConfig.DEFAULT.with("kcp.batches", layer == DatagramLayer.NONE ? "true" : "false");
        return new KcpTransportProvider(layer).start(config, TransportContext.plain());
    }

    @AfterEach
    void close() {
        good.close();
        server.close();
    }

    private static Connection connect(Transport from, Endpoint to) throws Exception {
        return from.connect(to, new ConnectionHandler() {}).get(20, TimeUnit.SECONDS);
    }

    private static void ask(Connection connection) throws Exception {
        byte[] answer = connection
                .request(MemorySegment.ofArray(QUESTION), LONG)
                .result()
                .get(20, TimeUnit.SECONDS);
        assertThat(answer).isEqualTo(QUESTION);
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(door.host(), door.port());
    }

    @Test
    void aFloodOfHellosGetsLessThanItSentAndLeavesNoTrace() throws Exception {
        Connection connection = connect(good, door);
        try (RawSocket stranger = RawSocket.connected(address())) {
            long answered = 0;
            int hellos = 5000;
            for (int i = 0; i < hellos; i++) {
                stranger.send(new ControlDatagram(Type.HELLO, 0, random.nextLong(), new byte[0]).encode());
                for (ByteBuffer came = stranger.poll(); came != null; came = stranger.poll()) {
                    answered += came.remaining();
                }
            }
            ask(connection);
            assertThat(answered).isPositive().isLessThan((long) hellos * ControlDatagram.HELLO_BYTES);
        }
    }

    @Test
    void aCookieOfAnotherAddressOrNonceOpensNothing() throws Exception {
        try (RawSocket one = RawSocket.connected(address());
                RawSocket other = RawSocket.connected(address())) {
            one.send(new ControlDatagram(Type.HELLO, 0, 1, new byte[0]).encode());
            ControlDatagram retry = Objects.requireNonNull(one.control(LONG.toNanos()));
            byte[] body = Arrays.copyOf(retry.body(), Cookies.BYTES + ControlDatagram.Offer.BYTES);
            other.send(new ControlDatagram(Type.CONNECT, 0, 1, body).encode());
            one.send(new ControlDatagram(Type.CONNECT, 0, 2, body).encode());
            assertThat(other.control(LONG.toNanos()))
                    .extracting(ControlDatagram::type)
                    .isEqualTo(Type.RETRY);
            assertThat(one.control(LONG.toNanos()))
                    .extracting(ControlDatagram::type)
                    .isEqualTo(Type.RETRY);
        }
    }

    @Test
    void anotherVersionGetsATypedRefusal() {
        byte[] hello = new ControlDatagram(Type.HELLO, 0, 7, new byte[0]).encode();
        hello[5] = 77;
        try (RawSocket stranger = RawSocket.connected(address())) {
            stranger.send(hello);
            ControlDatagram refusal = Objects.requireNonNull(stranger.control(LONG.toNanos()));
            assertThat(refusal.type()).isEqualTo(Type.REFUSE);
            assertThat(refusal.text()).contains("version 77").contains("only 1");
        }
    }

    @Test
    void nobodyCanEndAConversationWithoutItsSecret() throws Exception {
        Connection connection = connect(good, door);
        try (RawSocket stranger = RawSocket.connected(address())) {
            for (int i = 0; i < 10_000; i++) {
                stranger.send(
                        new ControlDatagram(Type.CLOSE, random.nextInt(), random.nextLong(), new byte[0]).encode());
            }
        }
        ask(connection);
    }

    @Test
    void replayedAndTruncatedDatagramsChangeNothing() throws Exception {
        Transport replaying = start(new Forger(seed, 1, Kind.REPLAYED, Kind.TRUNCATED, Kind.RANDOM));
        try {
            Connection connection = connect(replaying, door);
            for (int i = 0; i < 200; i++) {
                ask(connection);
            }
        } finally {
            replaying.close();
        }
    }

    /** A forger who has the address and the numbers can break a conversation that is not authenticated, but no other. */
    @Test
    void forgedDatagramsHarmNoOtherConversation() throws Exception {
        long untilNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(Integer.getInteger("fairlead.fuzz.minutes", 0));
        Connection connection = connect(good, door);
        int rounds = 0;
        do {
            long roundSeed = random.nextLong();
            Transport forging = start(new Forger(roundSeed, 0.5, Kind.values()));
            try {
                Connection victim = connect(forging, door);
                for (int i = 0; i < 50; i++) {
                    victim.request(MemorySegment.ofArray(QUESTION), LONG)
                            .result()
                            .get(2, TimeUnit.SECONDS);
                }
            } catch (ExecutionException | TimeoutException e) {
                // The victim.
            } finally {
                forging.close(Duration.ZERO);
            }
            assertThat(connection.state()).as("round %d, seed %d", rounds, seed).isEqualTo(Connection.State.OPEN);
            ask(connection);
            rounds++;
        } while (rounds < 5 || System.nanoTime() < untilNs);
        System.err.println("hostile datagrams: " + rounds + " rounds from seed " + seed);
        ask(connect(good, door));
    }
}
