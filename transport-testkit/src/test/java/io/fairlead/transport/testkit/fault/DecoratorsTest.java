package io.fairlead.transport.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.ConnectionHandler.Dispatch;
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
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.memory.InMemoryFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecoratorsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long FAR_OFF_NS = Duration.ofSeconds(30).toNanos();

    private final ContractEnvironment env =
            new ContractEnvironment(new InMemoryFixture(), TransportConfig.DEFAULT, Dispatch.EXECUTOR, SOON, 42);

    @AfterEach
    void nothingIsLeft() {
        assertThat(env.finish()).isEmpty();
    }

    private Pair join(Transport near) {
        return env.join(near, env.start(), env.handler(), env.handler());
    }

    @Test
    void aDelayingTransportTellsEveryEndLateAndOnce() {
        Pair pair = join(new DelayingTransport(env.start(), 1, Duration.ofMillis(50)));
        MemoryRegion local = pair.nearTransport().allocate(64);
        CompletionLog log = env.log(100);
        for (int i = 0; i < 100; i++) {
            log.submitPatiently(
                    i, SOON, (done, context) -> pair.near().trySend(local, 0, 8, FAR_OFF_NS, done, context));
        }
        Await.until("the far side has them all", SOON, () -> pair.farHandler().messages() == 100);
        log.awaitSuccess(SOON);
        byte[] reply =
                Await.result("a future", pair.near().request(local.segment()).result(), SOON);
        assertThat(reply).hasSize(64);
        Await.result("close", pair.nearTransport().close(Duration.ofSeconds(1)), SOON);
    }

    @Test
    void aLosingTransportLosesItsConnectionsWhereTheSeedSays() {
        List<Integer> lives = livesOf(7);
        assertThat(livesOf(7)).isEqualTo(lives);
        assertThat(livesOf(8)).isNotEqualTo(lives);
    }

    /** How many messages each of five connections takes before it is lost. */
    private List<Integer> livesOf(long seed) {
        Transport near = new LosingTransport(env.start(), seed, 200);
        Transport far = env.start();
        List<Integer> lives = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Pair pair = env.join(near, far, env.handler(), env.handler());
            MemoryRegion local = near.allocate(8);
            CompletionLog log = env.log(1000);
            int life = 0;
            while (accepted(pair, log, life, local)) {
                life++;
            }
            lives.add(life);
            Await.result("the connection closes", pair.near().closed(), SOON);
            log.awaitEnds(SOON);
        }
        return lives;
    }

    private static boolean accepted(Pair pair, CompletionLog log, int i, MemoryRegion local) {
        long answer;
        do {
            answer = log.submit(i, (done, context) -> pair.near().trySend(local, 0, 8, FAR_OFF_NS, done, context));
        } while (answer == ErrorCode.BACK_PRESSURED.refusal());
        return answer >= 0;
    }

    @Test
    void aSlowPeerTakesItsTimeAndLosesNothing() {
        Transport far = new SlowPeerTransport(env.start(), 3, Duration.ofMillis(2));
        Pair pair = env.join(env.start(), far, env.handler(), env.handler());
        MemoryRegion local = pair.nearTransport().allocate(8);
        CompletionLog log = env.log(300);
        for (int i = 0; i < 300; i++) {
            log.submitPatiently(
                    i, SOON, (done, context) -> pair.near().trySend(local, 0, 8, FAR_OFF_NS, done, context));
        }
        log.awaitSuccess(SOON);
        Await.until("all are handled", SOON, () -> pair.farHandler().messages() == 300);
    }

    @Test
    void aFailingTransportRefusesSomeAndHidesTheOutcomeOfOthers() {
        Pair pair = join(new FailingTransport(env.start(), 5, 0.3, 0.3));
        MemoryRegion local = pair.nearTransport().allocate(100);
        local.segment().fill((byte) 1);
        MemoryRegion target = pair.farTransport().allocate(100);
        RegionDescriptor descriptor = target.grant(Rights.WRITE).descriptor();
        CompletionLog log = env.log(100);
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            int at = i;
            long answer = log.submit(
                    i,
                    (done, context) -> pair.near().tryWrite(local, at, descriptor, at, 1, FAR_OFF_NS, done, context));
            refused += answer < 0 ? 1 : 0;
        }
        log.awaitEnds(SOON);
        int hidden = 0;
        for (int i = 0; i < 100; i++) {
            TransportException failure = log.failure(i);
            hidden += failure != null && failure.code() == ErrorCode.OUTCOME_UNKNOWN ? 1 : 0;
            assertThat(Bytes.allAre(
                            (byte) (log.wasAccepted(i) ? 1 : 0),
                            target.segment().asSlice(i, 1)))
                    .as("byte %d, whose outcome may be hidden, stands if it was accepted", i)
                    .isTrue();
        }
        assertThat(refused).isBetween(10, 60);
        assertThat(hidden).isBetween(5, 50);
    }
}
