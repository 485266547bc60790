package io.fairlead.benchmarks;

import java.util.List;
import org.HdrHistogram.Histogram;

/** Percentiles of a run's operations in nanoseconds; all zero where operations overlap and none were timed. */
record Latency(long p50Ns, long p99Ns, long p999Ns) {
    static Latency of(List<Lane> lanes) {
        Histogram all = new Histogram(lanes.getFirst().latencyNs());
        lanes.forEach(lane -> all.add(lane.latencyNs()));
        return new Latency(all.getValueAtPercentile(50), all.getValueAtPercentile(99), all.getValueAtPercentile(99.9));
    }

    String print() {
        return p50Ns + " " + p99Ns + " " + p999Ns;
    }

    static Latency parse(String text) {
        String[] parts = text.split(" ", -1);
        return new Latency(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
