package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReconnectPolicyTest {
    private static final ReconnectPolicy POLICY = new ReconnectPolicy(Duration.ofMillis(10), Duration.ofSeconds(2), 50);

    @Test
    void pausesGrowToTheLongestJitterByHalfAndKeepTheRate() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int failures = 1; failures < 100; failures++) {
            long full = Math.min(2_000_000_000L, 10_000_000L << Math.min(failures - 1, 20));
            for (int i = 0; i < 100; i++) {
                assertThat(POLICY.pauseNs(failures, random))
                        .isBetween(Math.max(full / 2, 20_000_000L), Math.max(full, 20_000_000L));
            }
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> new ReconnectPolicy(Duration.ZERO, Duration.ofSeconds(1), 0))
                .hasMessageContaining("first pause PT0S")
                .hasMessageContaining("attempts per second 0");
    }
}
