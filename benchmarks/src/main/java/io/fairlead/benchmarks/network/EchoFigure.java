package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.Summary;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A column of the tables: a figure of a sample, of which the median over the seeds counts. */
enum EchoFigure {
    MEAN("mean ms", 1, EchoSample::meanMs),
    P50("p50 ms", 1, sample -> sample.percentileMs(50)),
    P90("p90 ms", 1, sample -> sample.percentileMs(90)),
    P99("p99 ms", 1, sample -> sample.percentileMs(99)),
    MAX("max ms", 1, sample -> sample.percentileMs(100)),
    WIRE("wire bytes / payload byte", 3, EchoSample::wirePerPayload);

    final String title;
    private final int decimals;
    private final ToDoubleFunction<EchoSample> value;

    EchoFigure(String title, int decimals, ToDoubleFunction<EchoSample> value) {
        this.title = title;
        this.decimals = decimals;
        this.value = value;
    }

    Summary over(List<EchoSample> seeds) {
        return Summary.of(seeds.stream().mapToDouble(value).toArray());
    }

    String print(Summary summary) {
        return number(summary.median()) + " (" + number(summary.min()) + ".." + number(summary.max()) + ")";
    }

    String number(double figure) {
        return String.format(Locale.ROOT, "%." + decimals + "f", figure);
    }
}
