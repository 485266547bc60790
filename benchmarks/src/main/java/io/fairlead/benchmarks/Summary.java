package io.fairlead.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle and the spread of one figure over the rounds. */
public record Summary(double median, double min, double max) {
    static Summary of(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return of(samples.stream().mapToDouble(figure).toArray());
    }

    public static Summary of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values to summarise");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(median, sorted[0], sorted[sorted.length - 1]);
    }
}
