package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a transport. Names, tags and units are the same on every provider:
 * <pre>
 * fairlead.operation              timer    transport, reason, op, outcome (ok, or the error code)
 * fairlead.bytes                  counter  transport, reason, op, direction (out, in); payload, bytes
 * fairlead.back.pressure          counter  transport, reason, op, bound; refusals, by the limit that was reached
 * fairlead.errors                 counter  transport, reason, code; connections and connects that failed
 * fairlead.reconnects             counter  transport, reason
 * fairlead.connections            gauge    transport, reason
 * fairlead.operations.in.flight   gauge    transport, reason
 * fairlead.credits                gauge    transport, reason; messages that may be sent at once, all connections
 * fairlead.registered.bytes       gauge    transport, reason, pool included
 * fairlead.regions                gauge    transport, reason
 * fairlead.pool.leased.bytes      gauge    transport, reason
 * </pre>
 * {@code reason} is the sentence of {@link io.fairlead.transport.EffectiveTransport}: why this provider runs.
 */
final class MicrometerMetrics implements TransportMetrics {
    private static final ErrorCode[] CODES = ErrorCode.values();
    private static final Bound[] BOUNDS = Bound.values();
    private static final int OUTCOMES = CODES.length + 1;

    private final MeterRegistry registry;
    private final String transport;
    private final String reason;
    private final List<Meter> meters = new CopyOnWriteArrayList<>();
    private final AtomicReferenceArray<@Nullable Timer> timers =
            new AtomicReferenceArray<>(OperationKind.ALL.length * OUTCOMES);
    private final LongAdder[] out = adders(OperationKind.ALL.length);
    private final LongAdder[] in = adders(OperationKind.ALL.length);
    private final LongAdder[] backPressure = adders(OperationKind.ALL.length * BOUNDS.length);
    private final LongAdder[] errors = adders(CODES.length);
    private final LongAdder connections = new LongAdder();
    private final LongAdder reconnects = new LongAdder();

    MicrometerMetrics(MeterRegistry registry, String transport, String reason) {
        this.registry = registry;
        this.transport = transport;
        this.reason = reason;
        for (OperationKind kind : OperationKind.ALL) {
            timer(kind, null);
            counter("fairlead.bytes", "bytes", out[kind.ordinal()], "op", kind.tag(), "direction", "out");
            counter("fairlead.bytes", "bytes", in[kind.ordinal()], "op", kind.tag(), "direction", "in");
            for (Bound bound : BOUNDS) {
                counter("fairlead.back.pressure", null, held(kind, bound), "op", kind.tag(), "bound", bound.limit);
            }
        }
        for (ErrorCode code : CODES) {
            counter("fairlead.errors", null, errors[code.ordinal()], "code", tag(code));
        }
        counter("fairlead.reconnects", null, reconnects);
        gauge("fairlead.connections", null, connections, LongAdder::sum);
    }

    private LongAdder held(OperationKind kind, Bound bound) {
        return backPressure[kind.ordinal() * BOUNDS.length + bound.ordinal()];
    }

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    /** Registers a gauge over {@code state}, which the caller keeps alive. */
    <T> void gauge(String name, @Nullable String unit, T state, ToDoubleFunction<T> value) {
        meters.add(Gauge.builder(name, state, value)
                .baseUnit(unit)
                .tags("transport", transport, "reason", reason)
                .register(registry));
    }

    private void counter(String name, @Nullable String unit, LongAdder adder, String... tags) {
        meters.add(FunctionCounter.builder(name, adder, LongAdder::sum)
                .baseUnit(unit)
                .tags("transport", transport, "reason", reason)
                .tags(tags)
                .register(registry));
    }

    private Timer timer(OperationKind kind, @Nullable ErrorCode failure) {
        int index = kind.ordinal() * OUTCOMES + (failure == null ? 0 : failure.ordinal() + 1);
        Timer timer = timers.get(index);
        if (timer == null) {
            timer = Timer.builder("fairlead.operation")
                    .description("from submission to completion")
                    .tags("transport", transport, "reason", reason)
                    .tags("op", kind.tag(), "outcome", failure == null ? "ok" : tag(failure))
                    .register(registry);
            if (timers.compareAndSet(index, null, timer)) {
                meters.add(timer);
            }
        }
        return timer;
    }

    private static String tag(ErrorCode code) {
        return code.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void ended(OperationKind kind, @Nullable ErrorCode failure, long nanoseconds) {
        timer(kind, failure).record(nanoseconds, TimeUnit.NANOSECONDS);
    }

    @Override
    public void bytesOut(OperationKind kind, long bytes) {
        out[kind.ordinal()].add(bytes);
    }

    @Override
    public void bytesIn(OperationKind kind, long bytes) {
        in[kind.ordinal()].add(bytes);
    }

    @Override
    public void backPressured(OperationKind kind, Bound bound) {
        held(kind, bound).increment();
    }

    @Override
    public void connectionOpened() {
        connections.increment();
    }

    @Override
    public void connectionClosed(@Nullable ErrorCode cause) {
        connections.decrement();
        if (cause != null) {
            errors[cause.ordinal()].increment();
        }
    }

    @Override
    public void connectFailed(ErrorCode cause) {
        errors[cause.ordinal()].increment();
    }

    @Override
    public void reconnected() {
        reconnects.increment();
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
