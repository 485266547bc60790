package io.fairlead.transport.spi;

import io.fairlead.transport.EffectiveTransport;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the application lends a transport.
 *
 * @param meters where to register meters; null for none at all, and then Micrometer need not be on the class path
 * @param handlers runs message handlers; null for a virtual thread each
 * @param clock tells when grants expire
 * @param reason why this provider was chosen, for {@link EffectiveTransport}
 */
public record TransportContext(
        @Nullable MeterRegistry meters, @Nullable Executor handlers, InstantSource clock, String reason) {
    public static TransportContext plain() {
        return new TransportContext(null, null, InstantSource.system(), "started directly");
    }

    public TransportContext with(MeterRegistry registry) {
        return new TransportContext(registry, handlers, clock, reason);
    }

    public TransportContext with(Executor executor) {
        return new TransportContext(meters, executor, clock, reason);
    }

    public TransportContext with(InstantSource time) {
        return new TransportContext(meters, handlers, time, reason);
    }

    public TransportContext because(String why) {
        return new TransportContext(meters, handlers, clock, why);
    }
}
