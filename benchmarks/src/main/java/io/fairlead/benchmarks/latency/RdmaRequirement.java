package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What ours over RDMA must hold against another: a ratio of medians of at most, or for bandwidth of at least, a bound.
 */
record RdmaRequirement(String exercise, String against, double bound) {
    static final String OURS = "fairlead-rdma";

    /** The smallest object has 16 bytes: less than this is not even one of them in 32 operations. */
    static final double NO_ALLOCATION = 0.5;

    static final List<RdmaRequirement> ALL = List.of(
            new RdmaRequirement("write64", "perftest", 1.5),
            new RdmaRequirement("send64", "perftest", 1.5),
            new RdmaRequirement("bandwidth64k", "perftest", 0.9),
            new RdmaRequirement("write64", "fairlead-tcp", 0.35),
            new RdmaRequirement("send64", "fairlead-tcp", 0.35));

    static String heading() {
        return "| exercise | must hold | ours | theirs | ratio | holds |\n|---|---|---:|---:|---:|---|\n";
    }

    /** Its row, if both were measured. */
    Optional<String> row(List<LatencySample> samples) {
        Optional<Summary> ours = RdmaReport.summary(samples, OURS, exercise);
        Optional<Summary> theirs = RdmaReport.summary(samples, against, exercise);
        if (ours.isEmpty() || theirs.isEmpty()) {
            return Optional.empty();
        }
        boolean atLeast = Exercise.named(exercise).kind() == Exercise.Kind.BANDWIDTH;
        double ratio = ours.get().median() / theirs.get().median();
        boolean holds = atLeast ? ratio >= bound : ratio <= bound;
        return Optional.of(String.format(
                Locale.ROOT,
                "| %s | at %s %.2f x %s | %.1f | %.1f | %.2f | %s |%n",
                exercise,
                atLeast ? "least" : "most",
                bound,
                against,
                ours.get().median(),
                theirs.get().median(),
                ratio,
                holds ? "yes" : "**no**"));
    }

    /** The row about allocation: the worst exercise in its median round. */
    static Optional<String> allocationRow(List<LatencySample> samples, List<Exercise> exercises) {
        String worst = "";
        double most = -1;
        for (Exercise exercise : exercises) {
            double[] perOp = samples.stream()
                    .filter(sample -> sample.competitor().equals(OURS)
                            && sample.exercise().equals(exercise))
                    .mapToDouble(LatencySample::allocatedPerOp)
                    .toArray();
            if (perOp.length > 0 && Summary.of(perOp).median() > most) {
                most = Summary.of(perOp).median();
                worst = exercise.name();
            }
        }
        return most < 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "| all (worst: %s) | 0 B per operation | %.2f | - | - | %s |%n",
                        worst,
                        most,
                        most < NO_ALLOCATION ? "yes" : "**no**"));
    }
}
