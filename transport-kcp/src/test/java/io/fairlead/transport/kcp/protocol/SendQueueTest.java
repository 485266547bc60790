package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.transport.kcp.protocol.SendQueue.WhenFull;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The three ways to deal with more than the peer takes, and the marks. */
class SendQueueTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static KcpConfig config(WhenFull whenFull) {
        return KcpPresets.NATIVE
                .with(SegmentLimits.DEFAULT.withMtu(124).withStream(false))
                .with(Windows.DEFAULT.withSegments(4, 64))
                .with(new SendQueue(10, 5, whenFull, SECOND));
    }

    private static int send(Pair pair, String text, boolean droppable) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return pair.ends[0].send(MemorySegment.ofArray(bytes), 0, bytes.length, droppable);
    }

    @Test
    void blockTakesNothingAboveTheHighMarkUntilTheLowOne() {
        Pair pair = new Pair(config(WhenFull.BLOCK));
        int taken = 0;
        while (pair.send(0, "m") > 0) {
            taken++;
        }
        assertThat(taken).isEqualTo(10);
        assertThat(pair.ends[0].writable()).isFalse();
        pair.carry(0);
        pair.carry(1);
        assertThat(pair.ends[0].waitSend()).isEqualTo(6);
        assertThat(pair.ends[0].writable()).isFalse();
        pair.carry(0);
        pair.carry(1);
        assertThat(pair.ends[0].writable()).isTrue();
    }

    @Test
    void aMessageThatWasBegunBelowTheMarkIsTakenWhole() {
        Pair pair = new Pair(config(WhenFull.BLOCK));
        for (int i = 0; i < 9; i++) {
            pair.send(0, 1);
        }
        assertThat(pair.send(0, 500)).isEqualTo(500);
        assertThat(pair.ends[0].waitSend()).isEqualTo(14);
        assertThat(pair.send(0, 1)).isZero();
    }

    @Test
    void dropTakesOutTheOldestDroppableOnesThatAreWhollyUnsent() {
        Pair pair = new Pair(config(WhenFull.DROP));
        for (int i = 0; i < 10; i++) {
            send(pair, "" + i, i % 2 == 1);
        }
        pair.carry(0); // 0 to 3 are under way, so that 1 and 3 can no longer be dropped
        assertThat(send(pair, "a", false)).isEqualTo(1);
        assertThat(pair.ends[0].stats().dropped()).isEqualTo(3);
        for (int i = 0; i < 4; i++) {
            pair.carry(1);
            pair.carry(0);
        }
        assertThat(pair.text(1)).isEqualTo("0123468a");
    }

    @Test
    void whatIsDroppableIsDroppedItselfIfNothingElseCanBe() {
        Pair pair = new Pair(config(WhenFull.DROP));
        for (int i = 0; i < 10; i++) {
            send(pair, "k", false);
        }
        assertThat(send(pair, "key", false)).isZero();
        assertThat(send(pair, "old", true)).isEqualTo(3);
        assertThat(pair.ends[0].stats().dropped()).isEqualTo(1);
    }

    @Test
    void disconnectGivesUpAPeerThatDoesNotKeepUp() {
        Pair full = new Pair(config(WhenFull.DISCONNECT));
        while (full.send(0, "m") > 0) {
            assertThat(full.ends[0].state()).isEqualTo(KcpState.OPEN);
        }
        assertThat(full.ends[0].state()).isEqualTo(KcpState.SLOW_PEER);

        Pair silent = new Pair(config(WhenFull.DISCONNECT));
        silent.send(0, "m");
        silent.flush(0);
        silent.nowMs = 1001;
        silent.update(0);
        assertThat(silent.ends[0].state()).isEqualTo(KcpState.SLOW_PEER);
    }

    @Test
    void messagesThatThePeerCouldNeverHoldAreRefusedAtOnce() {
        Pair pair = new Pair(config(WhenFull.BLOCK));
        assertThat(pair.send(0, 129 * 100)).isEqualTo(Kcp.TOO_LARGE);
        assertThat(pair.send(0, 128 * 100)).isEqualTo(128 * 100);
    }

    @Test
    void closeGivesAllMemoryBack() {
        Pair pair = new Pair(config(WhenFull.BLOCK));
        pair.takes[1] = false;
        for (int i = 0; i < 10; i++) {
            pair.send(0, 100);
        }
        pair.carry(0);
        assertThat(pair.pools[0].slotsInUse()).isEqualTo(10);
        assertThat(pair.pools[1].slotsInUse()).isEqualTo(4);
        for (int i = 0; i < 2; i++) {
            pair.ends[i].close();
            pair.ends[i].close();
            assertThat(pair.pools[i].slotsInUse()).isZero();
        }
    }

    @Test
    void faultyConfigurationNamesLimitAndValue() {
        assertThatThrownBy(() -> new SendQueue(0, 5, WhenFull.BLOCK, SECOND))
                .hasMessageContaining("highSegments is 0, allowed 1..")
                .hasMessageContaining("lowSegments is 5");
        assertThatThrownBy(() -> Windows.DEFAULT.withSegments(65_536, 1)).hasMessageContaining("65536");
        assertThatThrownBy(() -> SegmentLimits.DEFAULT.withMtu(40)).hasMessageContaining("mtuBytes is 40");
    }
}
