package io.fairlead.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
    void everyExerciseIsMeasuredAtEachTurnAndItsBytesAreChecked() throws Exception {
        List<LatencySample> samples = new ArrayList<>();
        List<String> failures = new ArrayList<>();

        new Turns(3, samples::add, failures::add).run(List.of(new FairleadPair("tcp", options())), Exercise.ALL, 2);

        assertThat(failures).isEmpty();
        List<Exercise> twice = Exercise.ALL.stream()
                .flatMap(exercise -> Stream.of(exercise, exercise))
                .toList();
        assertThat(samples).extracting(LatencySample::exercise).containsExactlyElementsOf(twice);
        assertThat(samples).allSatisfy(sample -> {
            assertThat(sample.figure()).isPositive();
            assertThat(sample.round()).isEqualTo(3);
            assertThat(sample.allocatedPerOp()).isNotNegative();
        });
    }

    @Test
    @Timeout(120)
    void aProviderThatDoesNotStartDropsOutByItsOwnWordsAndTheOthersGoOn() throws Exception {
        List<LatencySample> samples = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        Exercise write = Exercise.named("write64");
        RdmaOptions options = options("--set", "kcp.loops=none");

        new Turns(1, samples::add, failures::add)
                .run(List.of(new FairleadPair("kcp", options), new FairleadPair("tcp", options)), List.of(write), 1);

        assertThat(failures).singleElement().asString().contains("fairlead-kcp, round 1", "loops is 'none'");
        assertThat(samples).extracting(LatencySample::competitor).containsExactly("fairlead-tcp");
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
