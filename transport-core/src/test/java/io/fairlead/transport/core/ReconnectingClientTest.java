package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever the peer does, a client that reconnects makes no storm. The clock is the test's, so an hour is a moment. */
class ReconnectingClientTest {
    private static final int PER_SECOND = 4;
    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();
    private static final Endpoint PEER = new Endpoint("far", 2);

    /** The pauses alone would let hundreds of attempts through in a second. */
    private static final ReconnectPolicy EAGER =
            new ReconnectPolicy(Duration.ofMillis(1), Duration.ofMillis(2), PER_SECOND);

    private final ManualNetwork near = new ManualNetwork();
    private final ManualNetwork far = new ManualNetwork();
    private final SoftwareTransport client = start(near);
    private final SoftwareTransport server = start(far);
    private final ManualTime time = new ManualTime();
    private final List<Long> attemptsNs = new ArrayList<>();

    private record Pause(long lengthNs, Runnable then) {}

    private static final class ManualTime implements ReconnectingClient.Time {
        private final ArrayDeque<Pause> pauses = new ArrayDeque<>();
        private long nowNs = Long.MAX_VALUE - SECOND_NS; // as a clock may, it passes its largest value

        @Override
        public long nowNs() {
            return nowNs;
        }

        @Override
        public void after(long pauseNs, Runnable task) {
            pauses.add(new Pause(pauseNs, task));
        }

        /** Lets the only pause there is pass. */
        void pass() {
            Pause over = Objects.requireNonNull(pauses.poll());
            assertThat(pauses).as("other attempts to come").isEmpty();
            nowNs += over.lengthNs();
            over.then().run();
        }
    }

    private static SoftwareTransport start(ManualNetwork network) {
        return new SoftwareTransport("manual", TransportConfig.DEFAULT, TransportContext.plain(), network);
    }

    private ReconnectingClient client(ReconnectPolicy policy) {
        server.listen(PEER, peer -> new ConnectionHandler() {});
        return new ReconnectingClient(
                client, PEER, () -> new ConnectionHandler() {}, policy, RandomGenerator.of("L64X128MixRandom"), time);
    }

    @AfterEach
    void close() {
        client.close(Duration.ZERO);
        server.close(Duration.ZERO);
        near.runTasks();
        far.runTasks();
    }

    private void refuse() {
        near.connected().engine().wireFailed(new IOException("refused"));
    }

    private void accept() {
        ManualWire there = far.accept();
        ManualWire here = near.connected();
        Conversation.whole(there, here.take());
        Conversation.whole(here, there.take());
    }

    private void acceptAndHangUp() {
        accept();
        near.connected().engine().wireFailed(null);
    }

    private void attempts(ReconnectingClient reconnecting, int count, Runnable peer) {
        for (int i = 1; i <= count; i++) {
            assertThat(reconnecting.attempts()).isEqualTo(i);
            attemptsNs.add(time.nowNs());
            peer.run();
            time.pass();
        }
    }

    /** The most attempts in any second that begins with one. */
    private int mostInASecond() {
        int most = 0;
        for (int i = 0; i < attemptsNs.size(); i++) {
            int end = i;
            while (end < attemptsNs.size() && attemptsNs.get(end) - attemptsNs.get(i) < SECOND_NS) {
                end++;
            }
            most = Math.max(most, end - i);
        }
        return most;
    }

    @Test
    void aPeerThatRefusesIsAskedNoMoreOftenThanAllowed() {
        attempts(client(EAGER), 200, this::refuse);
        assertThat(mostInASecond()).isEqualTo(PER_SECOND);
    }

    @Test
    void aPeerThatAcceptsAndHangsUpIsAskedNoMoreOftenThanAllowed() {
        attempts(client(EAGER), 200, this::acceptAndHangUp);
        assertThat(mostInASecond()).isEqualTo(PER_SECOND);
    }

    @Test
    void pausesGrowWhileConnectionsEndAtOnceAndStartAgainAfterOneThatLived() {
        Duration longest = Duration.ofSeconds(10);
        ReconnectingClient reconnecting = client(new ReconnectPolicy(Duration.ofMillis(100), longest, 100));
        attempts(reconnecting, 20, this::acceptAndHangUp);
        long grownNs = attemptsNs.getLast() - attemptsNs.get(attemptsNs.size() - 2);
        assertThat(grownNs).isBetween(longest.toNanos() / 2, longest.toNanos());
        accept();
        time.nowNs += longest.toNanos() + 1;
        long lostNs = time.nowNs;
        near.connected().engine().wireFailed(null);
        time.pass();
        assertThat(time.nowNs - lostNs).isBetween(50_000_000L, 100_000_000L);
    }

    @Test
    void nothingIsAttemptedAfterItsEnd() {
        ReconnectingClient reconnecting = client(EAGER);
        refuse();
        reconnecting.close(Duration.ZERO);
        time.pass();
        assertThat(reconnecting.attempts()).isEqualTo(1);
        assertThat(time.pauses).isEmpty();
    }

    @Test
    void whoWaitsGetsTheNextConnectionAndSeesWhyTheLastEnded() {
        ReconnectingClient reconnecting = client(EAGER);
        var waiting = reconnecting.connection();
        refuse();
        assertThat(waiting).isNotDone();
        assertThat(reconnecting.lastFailure())
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECT_FAILED));
        time.pass();
        accept();
        Connection connection = waiting.join();
        assertThat(reconnecting.connectionNow()).isSameAs(connection);
        near.connected().engine().wireFailed(null);
        assertThat(reconnecting.connectionNow()).isNull();
        assertThat(reconnecting.connection()).isNotDone();
    }
}
