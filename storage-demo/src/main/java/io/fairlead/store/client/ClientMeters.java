package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What a client sees of replication. */
final class ClientMeters {
    private final MeterRegistry registry;
    private final Timer replicate;
    private final Timer fetch;

    ClientMeters(MeterRegistry registry) {
        this.registry = registry;
        replicate = Timer.builder("store.client.replicate")
                .description("a chunk, from the first byte sent to the last replica's answer")
                .register(registry);
        fetch = Timer.builder("store.client.fetch")
                .description("a chunk, from the request to checked bytes, other replicas included")
                .register(registry);
    }

    void replicated(long ns) {
        replicate.record(ns, TimeUnit.NANOSECONDS);
    }

    void fetched(long ns) {
        fetch.record(ns, TimeUnit.NANOSECONDS);
    }

    /** A replica could not give or take a chunk, and another one did or must. */
    void passedOver(String direction, StoreError reason) {
        registry.counter(
                        "store.client.passed.over",
                        "direction",
                        direction,
                        "reason",
                        reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
