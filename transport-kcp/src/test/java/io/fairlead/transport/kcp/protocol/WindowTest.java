package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows close, are asked for, and open again, whatever is lost. */
class WindowTest {
    private static final KcpConfig CONFIG = KcpPresets.NATIVE
            .with(SegmentLimits.DEFAULT.withMtu(124))
            .with(Windows.DEFAULT.withSegments(32, 16).withPeerSegments(16));

    private static Pair closed() {
        Pair pair = new Pair(CONFIG);
        pair.takes[1] = false;
        pair.send(0, 100 * 100);
        for (int i = 0; i < 2; i++) {
            pair.nowMs += 10;
            pair.carry(0);
            pair.nowMs += 10;
            pair.carry(1);
        }
        assertThat(pair.ends[0].peerWindowSegments()).isZero();
        assertThat(pair.ends[0].segmentsInFlight()).isZero();
        return pair;
    }

    @Test
    void aClosedWindowIsAskedForSoonAndEverLessOften() {
        Pair pair = closed();
        long last = pair.nowMs;
        for (int pause = 200; pause <= 6400; pause *= 2) {
            long deadline = pair.ends[0].nextDeadlineNs();
            pair.nowMs = deadline / 1_000_000;
            assertThat(pair.nowMs - last).isBetween((long) pause - 20, (long) pause + 20);
            last = pair.nowMs;
            assertThat(Recorder.segments(pair.update(0).getFirst()).getFirst()).startsWith("WASK");
        }
    }

    @Test
    void theOpeningIsToldWhenWorthItAndAgainUntilDataCome() {
        Pair pair = closed();
        pair.takes[1] = true;
        pair.ends[1].deliver();
        assertThat(Recorder.segments(pair.flush(1).getFirst()).getFirst()).startsWith("WINS frg=0 wnd=16");
        pair.nowMs += 200;
        List<byte[]> again = pair.update(1);
        assertThat(Recorder.segments(again.getFirst()).getFirst()).startsWith("WINS");
        pair.input(0, again.getFirst());
        pair.carry(0);
        pair.nowMs += 10_000;
        assertThat(pair.update(1))
                .allSatisfy(
                        datagram -> assertThat(Recorder.segments(datagram)).noneMatch(line -> line.startsWith("WINS")));
    }

    @Test
    void resumesWithinTheProbeIfEveryTellingIsLost() {
        Pair pair = closed();
        pair.takes[1] = true;
        pair.ends[1].deliver();
        pair.flush(1); // lost
        long start = pair.nowMs;
        pair.nowMs = pair.ends[0].nextDeadlineNs() / 1_000_000;
        assertThat(pair.nowMs - start).isLessThanOrEqualTo(220);
        pair.update(0).forEach(datagram -> pair.input(1, datagram));
        pair.carry(1);
        assertThat(pair.flush(0)).isNotEmpty();
    }

    @Test
    void noMoreIsSentThanThePeerHasRoomFor() {
        Pair pair = new Pair(CONFIG.with(CONFIG.windows().withSegments(1000, 16)));
        pair.send(0, 100);
        pair.carry(0);
        pair.carry(1);
        pair.send(0, 5000);
        assertThat(pair.flush(0)).hasSize(16);
    }

    @Test
    void deadLinkNeedsBothTheCountAndTheTime() {
        for (boolean quick : new boolean[] {true, false}) {
            DeadLink rule = new DeadLink(5, quick ? Duration.ZERO : Duration.ofSeconds(3));
            Pair pair = new Pair(KcpPresets.NATIVE.with(rule));
            pair.send(0, "x");
            pair.flush(0);
            while (pair.ends[0].state() == KcpState.OPEN) {
                pair.nowMs = pair.ends[0].nextDeadlineNs() / 1_000_000 + 1;
                pair.update(0);
            }
            assertThat(pair.ends[0].state()).isEqualTo(KcpState.DEAD_LINK);
            assertThat(pair.nowMs > 3000).isEqualTo(!quick);
            assertThat(pair.send(0, "y")).isEqualTo(Kcp.NOT_OPEN);
        }
    }
}
