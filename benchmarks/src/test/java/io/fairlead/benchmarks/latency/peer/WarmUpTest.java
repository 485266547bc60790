package io.fairlead.benchmarks.latency.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    private long nowNs;

    private WarmUp warmUp(long atMostNs, long leastOperations) {
        return new WarmUp(atMostNs, leastOperations, () -> nowNs);
    }

    private boolean wantsMore(WarmUp warmUp, long medianNs) {
        return warmUp.wantsMoreAfter(new long[] {medianNs, 1, Long.MAX_VALUE});
    }

    @Test
    void itGoesOnWhileBlocksGetBetter() {
        WarmUp warmUp = warmUp(HOUR_NS, 0);
        for (long median = 1_000_000; median > 1000; median = median * 9 / 10) {
            nowNs += WarmUp.PATIENCE_NS - 1;
            assertThat(wantsMore(warmUp, median)).isTrue();
        }
    }

    @Test
    void itEndsSomeTimeAfterTheBest() {
        WarmUp warmUp = warmUp(HOUR_NS, 0);
        wantsMore(warmUp, 1000);
        nowNs = WarmUp.PATIENCE_NS - 1;
        assertThat(wantsMore(warmUp, 980)).as("hardly better").isTrue();
        nowNs = WarmUp.PATIENCE_NS;
        assertThat(wantsMore(warmUp, 980)).isFalse();
    }

    @Test
    void itEndsWhenItsTimeIsUp() {
        WarmUp warmUp = warmUp(1000, 1000);
        nowNs = 999;
        assertThat(wantsMore(warmUp, 1000)).isTrue();
        nowNs = 1000;
        assertThat(wantsMore(warmUp, 500)).isFalse();
    }

    @Test
    void itGoesOnForSoManyOperations() {
        WarmUp warmUp = warmUp(HOUR_NS, 60);
        wantsMore(warmUp, 1000);
        nowNs = HOUR_NS / 2;
        int blocks = 2;
        while (wantsMore(warmUp, 1000)) {
            blocks++;
        }
        assertThat(blocks).isEqualTo(20);
    }
}
