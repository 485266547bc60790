package io.fairlead.benchmarks.latency.peer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.StringJoiner;

/** Reads what the provider rdma counts about its native calls. */
final class NativeCallMeter {
    private static final List<String> NAMES = List.of("posts", "requests", "polls", "completions");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final double[] marked = new double[NAMES.size()];

    MeterRegistry registry() {
        return registry;
    }

    /** Counts from here on. */
    void mark() {
        for (int i = 0; i < marked.length; i++) {
            marked[i] = count(NAMES.get(i));
        }
    }

    /** Since {@link #mark}: calls that posted, requests in them, polls that found something, and completions; with spaces between. */
    String sinceMark() {
        StringJoiner counts = new StringJoiner(" ");
        for (int i = 0; i < marked.length; i++) {
            counts.add(Long.toString((long) (count(NAMES.get(i)) - marked[i])));
        }
        return counts.toString();
    }

    private double count(String name) {
        return registry.find("fairlead.rdma." + name).functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }
}
