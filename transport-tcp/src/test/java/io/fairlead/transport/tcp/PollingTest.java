package io.fairlead.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PollingTest {
    private static final long ADAPTIVE_NS = 50_000;

    @Test
    void goesOnPollingWhileThatFindsSomething() {
        Polling polling = new Polling(0, ADAPTIVE_NS);
        long now = 1_000_000;
        polling.worked(now);
        for (int i = 0; i < 1000; i++) {
            now += ADAPTIVE_NS - 1;
            assertThat(polling.goesOn(now)).isTrue();
            polling.worked(now);
        }
        assertThat(polling.goesOn(now + ADAPTIVE_NS)).isFalse();
    }

    @Test
    void hardlyEverPollsWhenThatFindsNothing() {
        Polling polling = new Polling(0, ADAPTIVE_NS);
        int polled = 0;
        for (long now = 0; now < 1_000_000_000L; now += 1_000_000) {
            polling.worked(now);
            polled += polling.goesOn(now + 1) ? 1 : 0;
            assertThat(polling.goesOn(now + ADAPTIVE_NS)).isFalse();
        }
        assertThat(polled).isBetween(1, 1000 / 32);
    }

    @Test
    void theFixedTimeIsAlwaysPolled() {
        Polling polling = new Polling(200_000, 0);
        for (long now = 1; now < 100_000_000; now += 1_000_000) {
            polling.worked(now);
            assertThat(polling.goesOn(now + 199_999)).isTrue();
            assertThat(polling.goesOn(now + 200_000)).isFalse();
        }
    }

    @Test
    void neverPollsWhenAskedNotTo() {
        Polling polling = new Polling(0, 0);
        polling.worked(5);
        assertThat(polling.goesOn(5)).isFalse();
    }
}
