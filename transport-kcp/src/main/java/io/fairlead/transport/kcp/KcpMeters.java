package io.fairlead.transport.kcp;

import io.fairlead.transport.kcp.protocol.Kcp;
import io.fairlead.transport.kcp.protocol.KcpStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What only KCP can tell, beside the meters of every provider; all with the tags {@code transport} and {@code reason}:
 * <pre>
 * fairlead.kcp.retransmits     counter  cause (fast, time, timeout, probe, early, copy); segments sent again
 * fairlead.kcp.spurious        counter  of these, proven unneeded
 * fairlead.kcp.segments        counter  direction (out, in); each counted once
 * fairlead.kcp.payload         counter  direction, bytes; each counted once
 * fairlead.kcp.wire            counter  direction, bytes; of datagrams, headers of KCP included, those of UDP and IP not
 * fairlead.kcp.refused         counter  segments with a field that cannot be, and foreign datagrams
 * fairlead.kcp.rtt             gauge    seconds, smoothed, mean of the open connections
 * fairlead.kcp.rto             gauge    seconds, the same
 * fairlead.kcp.in.flight       gauge    segments, all connections
 * fairlead.kcp.wait.send       gauge    segments in flight and queued, all connections
 * fairlead.kcp.peer.window     gauge    segments, all connections
 * </pre>
 * Numbers of open connections are read while their loops write them: each may be a little old.
 */
final class KcpMeters implements Conversations {
    private static final double NANOSECONDS = 1e9;

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();

    /** What is counted of a connection, and what ended ones have left; guarded by this. */
    private final List<ToLongFunction<KcpStats>> counted = new ArrayList<>();

    private final Set<Kcp> open = new HashSet<>();
    private final long[] ended = new long[32];

    KcpMeters(MeterRegistry registry, String reason) {
        this.registry = registry;
        this.tags = Tags.of("transport", "kcp", "reason", reason);
        retransmits("fast", KcpStats::fastRetransmits);
        retransmits("time", KcpStats::timeBasedRetransmits);
        retransmits("timeout", KcpStats::timeoutRetransmits);
        retransmits("probe", KcpStats::tailProbes);
        retransmits("early", KcpStats::earlyRetransmits);
        retransmits("copy", KcpStats::copies);
        counter("spurious", null, Tags.empty(), KcpStats::spurious);
        counter("segments", null, Tags.of("direction", "out"), KcpStats::segmentsOut);
        counter("segments", null, Tags.of("direction", "in"), KcpStats::segmentsIn);
        counter("payload", "bytes", Tags.of("direction", "out"), KcpStats::payloadBytesOut);
        counter("payload", "bytes", Tags.of("direction", "in"), KcpStats::payloadBytesIn);
        counter("wire", "bytes", Tags.of("direction", "out"), KcpStats::bytesOut);
        counter("wire", "bytes", Tags.of("direction", "in"), KcpStats::bytesIn);
        counter("refused", null, Tags.empty(), stats -> stats.refused() + stats.foreign());
        gauge("rtt", "seconds", () -> mean(Kcp::smoothedRttNs) / NANOSECONDS);
        gauge("rto", "seconds", () -> mean(Kcp::rtoNs) / NANOSECONDS);
        gauge("in.flight", null, () -> sum(Kcp::segmentsInFlight));
        gauge("wait.send", null, () -> sum(Kcp::waitSend));
        gauge("peer.window", null, () -> sum(Kcp::peerWindowSegments));
    }

    private void retransmits(String cause, ToLongFunction<KcpStats> value) {
        counter("retransmits", null, Tags.of("cause", cause), value);
    }

    private void counter(String name, @Nullable String unit, Tags more, ToLongFunction<KcpStats> value) {
        int index = counted.size();
        counted.add(value);
        meters.add(FunctionCounter.builder("fairlead.kcp." + name, this, meters -> meters.total(index))
                .baseUnit(unit)
                .tags(tags.and(more))
                .register(registry));
    }

    private void gauge(String name, @Nullable String unit, Supplier<Number> value) {
        meters.add(Gauge.builder("fairlead.kcp." + name, value)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry));
    }

    @Override
    public synchronized void opened(Kcp kcp) {
        open.add(kcp);
    }

    @Override
    public synchronized void ended(Kcp kcp) {
        if (open.remove(kcp)) {
            for (int i = 0; i < counted.size(); i++) {
                ended[i] += counted.get(i).applyAsLong(kcp.stats());
            }
        }
    }

    private synchronized double total(int index) {
        long total = ended[index];
        for (Kcp kcp : open) {
            total += counted.get(index).applyAsLong(kcp.stats());
        }
        return total;
    }

    private synchronized double sum(ToDoubleFunction<Kcp> value) {
        double sum = 0;
        for (Kcp kcp : open) {
            sum += value.applyAsDouble(kcp);
        }
        return sum;
    }

    private synchronized double mean(ToDoubleFunction<Kcp> value) {
        return open.isEmpty() ? 0 : sum(value) / open.size();
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
