package io.fairlead.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A column of a table.
 *
 * @param format of one number
 * @param compared whether a column with the ratio to the baseline's median follows
 * @param spread whether minimum and maximum are shown beside the median
 */
record Figure(String title, String format, boolean compared, boolean spread, ToDoubleFunction<Sample> value) {
    static List<Figure> of(Workload workload) {
        List<Figure> figures = new ArrayList<>();
        if (workload.kind() == Workload.Kind.ECHO) {
            figures.add(new Figure(
                    "p50 µs", "%.2f", true, true, s -> s.client().latency().p50Ns() / 1e3));
            figures.add(new Figure(
                    "p99 µs", "%.1f", false, true, s -> s.client().latency().p99Ns() / 1e3));
            figures.add(new Figure(
                    "p99.9 µs", "%.1f", false, true, s -> s.client().latency().p999Ns() / 1e3));
            figures.add(new Figure("CPU µs/op", "%.2f", true, false, Sample::cpuMicrosPerOp));
        } else if (workload.bulk()) {
            figures.add(new Figure("GiB/s", "%.2f", true, true, Sample::gibPerSecond));
            figures.add(new Figure("CPU s/GiB", "%.3f", true, true, Sample::cpuSecondsPerGib));
        } else {
            figures.add(new Figure("1000 ops/s", "%.1f", true, true, s -> s.opsPerSecond() / 1e3));
            figures.add(new Figure("CPU µs/op", "%.2f", true, false, Sample::cpuMicrosPerOp));
        }
        if (workload.connections() > 1) {
            figures.add(new Figure("slowest/fair share", "%.2f", false, true, Sample::minShare));
        }
        figures.add(new Figure("B/op client", "%.1f", false, false, Sample::clientBytesPerOp));
        figures.add(new Figure("B/op server", "%.1f", false, false, Sample::serverBytesPerOp));
        return figures;
    }

    String print(Summary summary) {
        String median = number(summary.median());
        return spread ? median + " (" + number(summary.min()) + ".." + number(summary.max()) + ")" : median;
    }

    private String number(double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
