package io.fairlead.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two real JVMs over TCP, for a moment only. */
class FairleadPairTest {
    private static RdmaOptions options(String... more) {
        List<String> args = new ArrayList<>(List.of("--operations", "64", "--warmup", "1", "--address", "127.0.0.1"));
        args.addAll(List.of(more));
        return RdmaOptions.parse(args.toArray(String[]::new));
    }

    @Test
    @Timeout(120)
    void everyExerciseIsMeasuredAndItsBytesAreChecked() throws Exception {
        List<LatencySample> samples = new ArrayList<>();

        new FairleadPair("tcp", options()).run(Exercise.ALL, 3, samples::add);

        assertThat(samples).extracting(LatencySample::exercise).containsExactlyInAnyOrderElementsOf(Exercise.ALL);
        assertThat(samples).allSatisfy(sample -> {
            assertThat(sample.figure()).isPositive();
            assertThat(sample.round()).isEqualTo(3);
            assertThat(sample.allocatedPerOp()).isNotNegative();
        });
    }

    @Test
    @Timeout(120)
    void aProviderThatDoesNotStartIsToldByItsOwnWords() {
        FairleadPair pair = new FairleadPair("tcp", options("--set", "tcp.loops=none"));

        assertThatThrownBy(() -> pair.run(Exercise.ALL, 1, sample -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("loops is 'none'");
    }

    @Test
    void anUnknownProviderIsAnObstacle() {
        assertThat(new FairleadPair("pigeon", options()).obstacle()).isPresent();
        assertThat(new FairleadPair("tcp", options()).obstacle()).isEmpty();
    }

    @Test
    @Timeout(120)
    void nativeCallsAreCountedForEachSide() throws Exception {
        List<NativeCalls> counted = new ArrayList<>();
        Exercise write = Exercise.named("write64");

        new FairleadPair("tcp", options()).count(List.of(write), counted::add);

        assertThat(counted).containsExactly(new NativeCalls(write, 128, 0, 0, 0, 0));
        assertThat(NativeCalls.of(write, 100, "150 260 100 110", "150 240 100 90"))
                .isEqualTo(new NativeCalls(write, 200, 300, 500, 200, 200));
        assertThat(NativeCalls.of(write, 100, "150 260 100 110", "150 240 100 90")
                        .row())
                .contains("| 1.50 | 2.50 | 1.00 | 1.00 |");
    }
}
