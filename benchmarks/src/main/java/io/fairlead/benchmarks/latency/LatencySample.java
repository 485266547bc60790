package io.fairlead.benchmarks.latency;

import java.util.Locale;

/**
 * One exercise of one competitor in one round.
 *
 * @param figure the median in microseconds, or MiB per second
 * @param p99 in microseconds; not a number where it is not known
 * @param allocatedPerOp bytes that all threads of both processes allocated for each operation; not a number for other
 *     people's tools
 * @param notes what else is to be told, in one line; may be empty
 */
record LatencySample(
        String competitor,
        Exercise exercise,
        int round,
        double figure,
        double p99,
        double allocatedPerOp,
        String notes) {
    static final String COLUMNS = "competitor exercise round figure p99 B/op notes";

    String print() {
        return String.format(
                        Locale.ROOT,
                        "%s %s %d %.2f %.2f %.2f %s",
                        competitor,
                        exercise.name(),
                        round,
                        figure,
                        p99,
                        allocatedPerOp,
                        notes)
                .strip();
    }
}
