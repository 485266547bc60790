package io.fairlead.transport.testkit;

import io.fairlead.transport.EffectiveTransport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Reads the meters of one transport by the names that the contract gives them. One that is missing reads as 0. */
public final class MeterReading {
    private static final List<String> ALWAYS = List.of(
            "fairlead.operation",
            "fairlead.bytes",
            "fairlead.back.pressure",
            "fairlead.errors",
            "fairlead.reconnects",
            "fairlead.connections",
            "fairlead.operations.in.flight",
            "fairlead.credits",
            "fairlead.registered.bytes",
            "fairlead.regions",
            "fairlead.pool.leased.bytes");

    private final MeterRegistry registry;

    public MeterReading(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Operations that ended so: {@code ok} or an error code in lower case. */
    public double operations(String operation, String outcome) {
        return registry.find("fairlead.operation").tags("op", operation, "outcome", outcome).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** Payload bytes; direction {@code in} or {@code out}. */
    public double bytes(String operation, String direction) {
        return counters("fairlead.bytes", "op", operation, "direction", direction);
    }

    public double backPressure(String operation) {
        return counters("fairlead.back.pressure", "op", operation);
    }

    public double errors(String code) {
        return counters("fairlead.errors", "code", code);
    }

    public double connections() {
        return gauge("fairlead.connections");
    }

    public double inFlight() {
        return gauge("fairlead.operations.in.flight");
    }

    public double credits() {
        return gauge("fairlead.credits");
    }

    public double registeredBytes() {
        return gauge("fairlead.registered.bytes");
    }

    public double regions() {
        return gauge("fairlead.regions");
    }

    public double leasedBytes() {
        return gauge("fairlead.pool.leased.bytes");
    }

    private double counters(String name, String... tags) {
        return sum(registry.find(name).tags(tags).functionCounters(), FunctionCounter::count);
    }

    private double gauge(String name) {
        return sum(registry.find(name).gauges(), Gauge::value);
    }

    private static <M> double sum(Iterable<M> meters, ToDoubleFunction<M> value) {
        double sum = 0;
        for (M meter : meters) {
            sum += value.applyAsDouble(meter);
        }
        return sum;
    }

    /** That every meter is there, and each says which transport runs and why. */
    public void checkTags(EffectiveTransport effective) {
        for (String name : ALWAYS) {
            if (registry.find(name).meters().isEmpty()) {
                throw new AssertionError("no meter is called " + name);
            }
        }
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith("fairlead.")
                    && (!effective.name().equals(id.getTag("transport"))
                            || !effective.reason().equals(id.getTag("reason")))) {
                throw new AssertionError(id + " does not say " + effective);
            }
        }
    }
}
