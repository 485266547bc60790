package io.fairlead.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RdmaRequirementTest {
    private static final Exercise WRITE64 = Exercise.named("write64");
    private static final Exercise BANDWIDTH = Exercise.named("bandwidth64k");

    private final List<LatencySample> samples = new ArrayList<>();

    private void measured(String competitor, Exercise exercise, double figure, double allocatedPerOp) {
        samples.add(new LatencySample(competitor, exercise, 1, figure, 0, allocatedPerOp, ""));
    }

    @Test
    void aLatencyHoldsUpToItsBound() {
        measured("fairlead-rdma", WRITE64, 15, 0);
        measured("perftest", WRITE64, 10, Double.NaN);
        assertThat(new RdmaRequirement("write64", "perftest", 1.5).row(samples))
                .hasValueSatisfying(row -> assertThat(row).contains("at most 1.50 x perftest", "1.50 | yes"));
        assertThat(new RdmaRequirement("write64", "perftest", 1.4).row(samples))
                .hasValueSatisfying(row -> assertThat(row).contains("**no**"));
    }

    @Test
    void aBandwidthHoldsFromItsBoundOn() {
        measured("fairlead-rdma", BANDWIDTH, 80, 0);
        measured("perftest", BANDWIDTH, 100, Double.NaN);
        assertThat(new RdmaRequirement("bandwidth64k", "perftest", 0.8).row(samples))
                .hasValueSatisfying(row -> assertThat(row).contains("at least 0.80 x perftest", "0.80 | yes"));
        assertThat(new RdmaRequirement("bandwidth64k", "perftest", 0.9).row(samples))
                .hasValueSatisfying(row -> assertThat(row).contains("**no**"));
    }

    @Test
    void theMedianOfTheRoundsDecides() {
        for (double figure : new double[] {10, 11, 900}) {
            measured("fairlead-rdma", WRITE64, figure, 0);
            measured("perftest", WRITE64, 10, Double.NaN);
        }
        assertThat(new RdmaRequirement("write64", "perftest", 1.5).row(samples))
                .hasValueSatisfying(row -> assertThat(row).contains("1.10 | yes"));
    }

    @Test
    void withoutBothThereIsNoRow() {
        measured("perftest", WRITE64, 10, Double.NaN);
        assertThat(new RdmaRequirement("write64", "perftest", 1.5).row(samples)).isEmpty();
        assertThat(RdmaRequirement.allocationRow(samples, Exercise.ALL)).isEmpty();
    }

    @Test
    void theExerciseThatAllocatesMostDecides() {
        measured("fairlead-rdma", WRITE64, 10, 0.01);
        measured("fairlead-rdma", BANDWIDTH, 80, 16);
        assertThat(RdmaRequirement.allocationRow(samples, Exercise.ALL))
                .hasValueSatisfying(row -> assertThat(row).contains("worst: bandwidth64k", "16.00", "**no**"));
        samples.removeLast();
        assertThat(RdmaRequirement.allocationRow(samples, Exercise.ALL))
                .hasValueSatisfying(row -> assertThat(row).contains("yes"));
    }
}
