package io.fairlead.benchmarks.latency.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static long[] block(long medianNs) {
        return new long[] {medianNs, 1, Long.MAX_VALUE};
    }

    @Test
    void itGoesOnWhileBlocksGetBetter() {
        WarmUp warmUp = new WarmUp(TimeUnit.HOURS.toNanos(1), 0);
        for (long median = 1_000_000; median > 1000; median = median * 9 / 10) {
            assertThat(warmUp.wantsMoreAfter(block(median))).isTrue();
        }
    }

    @Test
    void itEndsSomeBlocksAfterTheBest() {
        WarmUp warmUp = new WarmUp(TimeUnit.HOURS.toNanos(1), 0);
        int blocks = 1;
        while (warmUp.wantsMoreAfter(block(1000))) {
            blocks++;
        }
        assertThat(blocks).isEqualTo(7);
    }

    @Test
    void itEndsWhenItsTimeIsUp() {
        WarmUp warmUp = new WarmUp(0, 1000);
        assertThat(warmUp.wantsMoreAfter(block(1000))).isFalse();
    }

    @Test
    void itGoesOnForSoManyOperations() {
        WarmUp warmUp = new WarmUp(TimeUnit.HOURS.toNanos(1), 60);
        int blocks = 1;
        while (warmUp.wantsMoreAfter(block(1000))) {
            blocks++;
        }
        assertThat(blocks).isEqualTo(20);
    }
}
