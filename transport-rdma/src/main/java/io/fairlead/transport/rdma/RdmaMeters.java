package io.fairlead.transport.rdma;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What only RDMA can tell, beside the meters of every provider; all with the tags {@code transport} and {@code reason}:
 * <pre>
 * fairlead.rdma.completions         counter  taken from the completion queues
 * fairlead.rdma.polls               counter  native polls that found some: completions by polls is the size of a batch
 * fairlead.rdma.posts               counter  native calls that posted, of sends and of receives
 * fairlead.rdma.requests            counter  work requests posted by them
 * fairlead.rdma.queue.depth         gauge    send requests under way, all connections
 * fairlead.rdma.registrations       gauge    of regions and grants
 * fairlead.rdma.registered.bytes    gauge    bytes, each registration counted
 * fairlead.rdma.rnr.received        counter  a peer had no receive posted; of the whole device, where its driver counts that
 * fairlead.rdma.rnr.sent            counter  no receive was posted here; the same
 * </pre>
 */
final class RdmaMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final List<PortCounter> counters = new ArrayList<>();
    private final List<Meter> meters = new ArrayList<>();

    RdmaMeters(MeterRegistry registry, String reason, RdmaNetwork network) {
        this.registry = registry;
        this.tags = Tags.of("transport", "rdma", "reason", reason);
        counter("completions", network, of -> sum(of, counts -> counts.completions));
        counter("polls", network, of -> sum(of, counts -> counts.polls));
        counter("posts", network, of -> sum(of, counts -> counts.posts));
        counter("requests", network, of -> sum(of, counts -> counts.requests));
        gauge("queue.depth", null, network, of -> sum(of, counts -> counts.queueDepth));
        rnr("rnr.received", network.device().name(), PortCounter.RNR_RECEIVED);
        rnr("rnr.sent", network.device().name(), PortCounter.RNR_SENT);
        gauge("registrations", null, network.memory(), RdmaMemory::registrations);
        gauge("registered.bytes", "bytes", network.memory(), RdmaMemory::registeredBytes);
    }

    private static double sum(RdmaNetwork network, ToLongFunction<RdmaCounts> which) {
        long sum = 0;
        for (RdmaLoop loop : network.loops()) {
            sum += which.applyAsLong(loop.counts());
        }
        return sum;
    }

    private void rnr(String name, String device, List<String> files) {
        PortCounter ports = PortCounter.of(device, files);
        if (ports.exists()) {
            counters.add(ports); // a registry holds on to it weakly
            counter(name, ports, PortCounter::value);
        }
    }

    private <T> void counter(String name, T of, ToDoubleFunction<T> value) {
        meters.add(FunctionCounter.builder("fairlead.rdma." + name, of, value)
                .tags(tags)
                .register(registry));
    }

    private <T> void gauge(String name, @Nullable String unit, T of, ToDoubleFunction<T> value) {
        meters.add(Gauge.builder("fairlead.rdma." + name, of, value)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }

    void close() {
        meters.forEach(registry::remove);
    }
}
