package io.fairlead.store.demo;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What one kind of operation came to, as the client's transport measured it.
 *
 * @param done that succeeded
 * @param failed that did not, such as those on their way to a node that was killed
 * @param bytes of payload, out and in, also of those that failed
 */
record OperationFigures(String name, long done, long failed, long bytes, double p50Ms, double p99Ms) {
    private static final List<String> OPERATIONS = List.of(
            "write",
            "write_notify",
            "read",
            "request",
            "reply",
            "send",
            "datagram",
            "compare_and_swap",
            "fetch_and_add");

    /** A registry whose timers know their percentiles, over the whole of a demo. */
    static MeterRegistry registry() {
        MeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder()
                        .percentiles(0.5, 0.99)
                        .percentilePrecision(2)
                        .expiry(Duration.ofHours(1))
                        .build()
                        .merge(config);
            }
        });
        return registry;
    }

    /** Of all operations that took place. To be read before the transport is closed, which takes its meters away. */
    static List<OperationFigures> of(MeterRegistry registry) {
        List<OperationFigures> all = new ArrayList<>();
        for (String operation : OPERATIONS) {
            OperationFigures figures = of(registry, operation);
            if (figures.done() + figures.failed() > 0) {
                all.add(figures);
            }
        }
        return all;
    }

    private static OperationFigures of(MeterRegistry registry, String operation) {
        long done = 0;
        long failed = 0;
        double p50 = 0;
        double p99 = 0;
        for (Timer timer :
                registry.find("fairlead.operation").tag("op", operation).timers()) {
            if (timer.getId().getTags().contains(Tag.of("outcome", "ok"))) {
                done += timer.count();
                p50 = percentileMs(timer, 0.5);
                p99 = percentileMs(timer, 0.99);
            } else {
                failed += timer.count();
            }
        }
        double bytes = registry.find("fairlead.bytes").tag("op", operation).functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
        return new OperationFigures(operation, done, failed, Math.round(bytes), p50, p99);
    }

    /** How often the client had to do without a replica, by direction and reason. */
    static Map<String, Long> passedOver(MeterRegistry registry) {
        Map<String, Long> counts = new TreeMap<>();
        for (Counter counter : registry.find("store.client.passed.over").counters()) {
            String what =
                    counter.getId().getTag("direction") + " " + counter.getId().getTag("reason");
            counts.put(what, Math.round(counter.count()));
        }
        return counts;
    }

    /** Of one of our own timers; null-safe by being zero for one that never ran. */
    static double percentileMs(MeterRegistry registry, String timer, double percentile) {
        Timer found = registry.find(timer).timer();
        return found == null ? 0 : percentileMs(found, percentile);
    }

    private static double percentileMs(Timer timer, double percentile) {
        for (ValueAtPercentile value : timer.takeSnapshot().percentileValues()) {
            if (value.percentile() == percentile) {
                return value.value(TimeUnit.MILLISECONDS);
            }
        }
        return Double.NaN;
    }
}
