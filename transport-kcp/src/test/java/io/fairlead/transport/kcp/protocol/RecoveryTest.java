package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of recovery sends again when it says, and not before. RTT is 40 ms throughout, and nothing is copied unless said. */
class RecoveryTest {
    private static final LossRecovery COUNT_ONLY = KcpPresets.NATIVE
            .recovery()
            .withFast(2, 5)
            .withTimeBased(false, Duration.ZERO)
            .withTailProbe(false)
            .withCopies(1, Duration.ZERO, 0);
    private static final LossRecovery TIME_ONLY = COUNT_ONLY.withFast(0, 0).withTimeBased(true, Duration.ofMillis(2));
    private static final Timing PATIENT =
            KcpPresets.NATIVE.timing().withGuard(Duration.ofMillis(1000)).withTick(Duration.ZERO);

    /** Segments of a byte each, with the round trip measured. */
    private static Pair measured(LossRecovery recovery, Timing timing) {
        Pair pair = new Pair(KcpPresets.NATIVE
                .with(recovery)
                .with(timing)
                .with(SegmentLimits.DEFAULT.withStream(false))
                .with(KcpPresets.NATIVE.acks().withRepeatAfter(Duration.ZERO)));
        for (int i = 0; i < 20; i++) {
            pair.send(0, "x");
            List<byte[]> sent = pair.flush(0);
            pair.nowMs += 20;
            sent.forEach(datagram -> pair.input(1, datagram));
            List<byte[]> answers = pair.flush(1);
            pair.nowMs += 20;
            answers.forEach(datagram -> pair.input(0, datagram));
        }
        return pair;
    }

    /** Sends one now. */
    private static byte[] sendOne(Pair pair) {
        pair.send(0, "x");
        return pair.flush(0).getFirst();
    }

    /** One that arrived 20 ms after it was sent; its answer is there another 20 ms later. */
    private static byte[] answer(Pair pair, byte[] datagram) {
        pair.input(1, datagram);
        return pair.flush(1).getFirst();
    }

    @Test
    void countingRuleSendsAgainAfterSoManyLaterOnes() {
        Pair pair = measured(COUNT_ONLY, PATIENT);
        sendOne(pair); // lost
        byte[] second = sendOne(pair);
        byte[] third = sendOne(pair);
        pair.nowMs += 40;
        pair.input(0, answer(pair, second));
        assertThat(pair.flush(0)).isEmpty();
        pair.input(0, answer(pair, third));
        assertThat(pair.flush(0)).hasSize(1);
        assertThat(pair.ends[0].stats().fastRetransmits()).isEqualTo(1);
    }

    @Test
    void aRetransmissionIsNotSkippedByWhatWasSentBeforeIt() {
        Pair pair = measured(COUNT_ONLY, PATIENT);
        sendOne(pair); // lost
        List<byte[]> later = List.of(sendOne(pair), sendOne(pair), sendOne(pair), sendOne(pair));
        pair.nowMs += 40;
        int sent = 0;
        for (byte[] datagram : later) {
            pair.input(0, answer(pair, datagram));
            sent += pair.flush(0).size();
        }
        assertThat(sent).isEqualTo(1);
    }

    @Test
    void fastLimitLeavesTheRestToTheTimeout() {
        Pair pair = measured(COUNT_ONLY.withFast(1, 2), PATIENT);
        sendOne(pair);
        int sent = 0;
        for (int i = 0; i < 6; i++) {
            byte[] later = sendOne(pair);
            pair.nowMs += 10;
            pair.input(0, answer(pair, later));
            sent += pair.flush(0).size();
        }
        assertThat(sent).isEqualTo(2);
    }

    @Test
    void timeRuleWaitsForTheReorderingWindow() {
        Pair pair = measured(TIME_ONLY, PATIENT);
        sendOne(pair); // lost
        pair.nowMs += 10;
        byte[] second = sendOne(pair);
        pair.nowMs += 20;
        byte[] answer = answer(pair, second);
        pair.nowMs += 20;
        pair.input(0, answer);
        // The first is 50 ms old, 10 more than a round trip, which is beyond an eighth of it.
        assertThat(pair.flush(0)).hasSize(1);
        assertThat(pair.ends[0].stats().timeBasedRetransmits()).isEqualTo(1);
    }

    @Test
    void timeRuleGivesADeadlineWithinTheWindow() {
        Pair pair = measured(TIME_ONLY, PATIENT);
        sendOne(pair); // lost
        pair.nowMs += 2;
        byte[] second = sendOne(pair);
        pair.nowMs += 20;
        byte[] answer = answer(pair, second);
        pair.nowMs += 20;
        pair.input(0, answer);
        assertThat(pair.flush(0)).isEmpty();
        long deadline = pair.ends[0].nextDeadlineNs();
        assertThat(deadline - pair.nowNs()).isBetween(1L, 5_000_000L);
        pair.ends[0].update(deadline);
        assertThat(pair.sinks[0].take()).hasSize(1);
    }

    @Test
    void timeoutGrowsByTheChosenRule() {
        long[][] wanted = {{100, 200, 400, 800}, {100, 150, 225, 337}, {100, 150, 200, 250}};
        for (Backoff backoff : Backoff.values()) {
            Timing timing = KcpPresets.NORMAL.timing().withBackoff(backoff);
            Pair pair = measured(COUNT_ONLY, timing);
            sendOne(pair);
            for (long wait : wanted[backoff.ordinal()]) {
                long before = pair.nowNs();
                long deadline = pair.ends[0].nextDeadlineNs();
                assertThat((deadline - before) / 1_000_000).as("%s", backoff).isEqualTo(wait);
                pair.ends[0].update(deadline);
                pair.nowMs = deadline / 1_000_000;
                assertThat(pair.sinks[0].take()).hasSize(1);
            }
        }
    }

    @Test
    void tailProbeComesBeforeALongTimeoutAndOnce() {
        Timing longTimeout = KcpPresets.NATIVE.timing().withMinRto(Duration.ofMillis(200));
        Pair pair = measured(COUNT_ONLY.withTailProbe(true), longTimeout);
        sendOne(pair);
        long sent = pair.nowNs();
        long deadline = pair.ends[0].nextDeadlineNs();
        assertThat((deadline - sent) / 1_000_000).isBetween(40L, 60L);
        pair.ends[0].update(deadline);
        assertThat(pair.ends[0].stats().tailProbes()).isEqualTo(1);
        assertThat((pair.ends[0].nextDeadlineNs() - deadline) / 1_000_000).isEqualTo(200);
    }

    @Test
    void copiesOfRetransmissionsFollowInDatagramsOfTheirOwnUnlessAcknowledgedBefore() {
        Pair pair = measured(COUNT_ONLY.withCopies(2, Duration.ofMillis(5), 100), KcpPresets.NATIVE.timing());
        for (int round = 0; round < 2; round++) {
            sendOne(pair);
            long timeout = pair.ends[0].nextDeadlineNs();
            pair.ends[0].update(timeout);
            byte[] again = pair.sinks[0].take().getFirst();
            assertThat(pair.ends[0].nextDeadlineNs() - timeout).isEqualTo(5_000_000);
            pair.nowMs = timeout / 1_000_000 + (round == 0 ? 5 : 2);
            if (round == 1) {
                pair.input(0, answer(pair, again));
            }
            pair.nowMs += 10;
            List<byte[]> copies = pair.flush(0);
            assertThat(copies).hasSize(round == 0 ? 1 : 0);
            if (round == 0) {
                assertThat(copies.getFirst()).as("the stamp, too").isEqualTo(again);
                pair.input(0, answer(pair, again));
            }
        }
        assertThat(pair.ends[0].waitSend()).isZero();
    }

    @Test
    void eachLostRetransmissionMakesForOneMoreDatagramOfTheNext() {
        Pair pair = measured(COUNT_ONLY.withCopies(1, Duration.ofMillis(5), 100), KcpPresets.NATIVE.timing());
        sendOne(pair);
        for (int copies = 0; copies < 3; copies++) {
            // Only once the last copy has gone is the next deadline the timeout.
            long timeout = pair.ends[0].nextDeadlineNs();
            pair.ends[0].update(timeout);
            assertThat(pair.sinks[0].take()).as("the retransmission").hasSize(1);
            for (int i = 0; i < copies; i++) {
                pair.ends[0].update(pair.ends[0].nextDeadlineNs());
                assertThat(pair.sinks[0].take()).as("a copy").hasSize(1);
            }
            assertThat(pair.ends[0].stats().timeoutRetransmits()).isEqualTo(copies + 1);
            assertThat(pair.ends[0].stats().copies()).isEqualTo(copies * (copies + 1) / 2);
        }
    }

    @Test
    void anEchoedEarlierStampProvesTheRetransmissionSpurious() {
        Pair pair = measured(COUNT_ONLY, KcpPresets.NATIVE.timing());
        byte[] first = sendOne(pair);
        pair.nowMs = pair.ends[0].nextDeadlineNs() / 1_000_000 + 1;
        assertThat(pair.update(0)).hasSize(1);
        pair.input(0, answer(pair, first));
        assertThat(pair.ends[0].stats().spurious()).isEqualTo(1);
        assertThat(pair.ends[0].waitSend()).isZero();
    }

    @Test
    void nothingIsWaitedForWhenNothingIsUnderWay() {
        Pair pair = measured(KcpPresets.NATIVE.recovery(), KcpPresets.NATIVE.timing());
        assertThat(pair.ends[0].nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
        assertThat(pair.ends[1].nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPeerThatStandsStillForAMomentIsNotSentItsWholeWindowAgain() {
        Pair pair = measured(KcpPresets.NATIVE.recovery(), KcpPresets.NATIVE.timing());
        pair.input(0, windowOfAThousand());
        for (int i = 0; i < 1000; i++) {
            pair.send(0, "x");
        }
        pair.flush(0);
        assertThat(pair.ends[0].segmentsInFlight()).isEqualTo(1000);
        long endMs = pair.nowMs + 400;
        while (pair.nowMs < endMs) {
            pair.nowMs++;
            pair.update(0);
        }
        assertThat(pair.ends[0].stats().timeoutRetransmits()).isBetween(16L, 200L);
    }

    private static byte[] windowOfAThousand() {
        return ByteBuffer.allocate(SegmentHeader.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Pair.CONVERSATION)
                .put((byte) SegmentHeader.WINDOW_TELL)
                .put((byte) 0)
                .putShort((short) 1000)
                .putInt(16, 20)
                .array();
    }
}
