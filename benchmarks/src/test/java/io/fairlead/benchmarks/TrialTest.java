package io.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.benchmarks.raw.RawNio;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two real child processes, for a moment only. */
class TrialTest {
    private static final RunLength SHORT = new RunLength(Duration.ofMillis(100), Duration.ofMillis(200), 1 << 30);

    @Test
    @Timeout(120)
    void aTrialMovesBytesAndChecksThem() throws Exception {
        Sample sample = new Trial(Workload.write64k(), SHORT, 1, Pinning.NONE).run(new RawNio(Waiting.SLEEP), 1);

        assertThat(sample.client().operations()).isPositive();
        assertThat(sample.cpuSeconds()).isPositive();
    }

    @Test
    @Timeout(120)
    void aFailingChildIsToldByItsOwnWords() throws Exception {
        try (ChildProcess child = new ChildProcess(
                new RawNio(Waiting.SLEEP), List.of(), List.of("server", "raw-nio-blocking", "no-such", "1"))) {
            assertThatThrownBy(() -> child.await("address", Duration.ofSeconds(60)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no workload \"no-such\"");
        }
    }
}
