package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where segments of ours are being lost, acknowledgements are too: they are said once more, if that is worth it. */
class AckRepeatTest {
    private final Pair pair = new Pair(KcpPresets.NATIVE.with(SegmentLimits.DEFAULT.withStream(false)));

    /** Every tenth segment that end 1 sends is lost, and arrives when it is sent again. */
    private void loseSome() {
        for (int i = 0; i < 200; i++) {
            pair.send(1, 100);
            List<byte[]> sent = pair.flush(1);
            pair.nowMs += 20;
            if (i % 10 != 0) {
                sent.forEach(datagram -> pair.input(0, datagram));
            }
            pair.carry(0);
            pair.nowMs += 20;
            pair.carry(1);
            pair.carry(0);
        }
    }

    private int repeatsFor(int bytes) {
        pair.send(0, bytes);
        pair.carry(0);
        assertThat(pair.flush(1)).as("the acknowledgement").isNotEmpty();
        int repeats = 0;
        for (int ms = 0; ms < 5; ms++) {
            pair.nowMs++;
            repeats += pair.update(1).size();
        }
        return repeats;
    }

    @Test
    void largeSegmentsAreAcknowledgedTwiceWhileSegmentsAreLost() {
        assertThat(repeatsFor(1000)).as("before any loss").isZero();
        loseSome();
        assertThat(repeatsFor(1000)).isEqualTo(1);
    }

    @Test
    void smallSegmentsAreNot() {
        loseSome();
        assertThat(repeatsFor(100)).isZero();
    }
}
