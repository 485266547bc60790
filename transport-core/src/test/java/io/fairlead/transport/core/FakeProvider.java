package io.fairlead.transport.core;

import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider over the manual network that can be unavailable. */
record FakeProvider(String name, @Nullable String why) implements TransportProvider {
    @Override
    public Optional<String> unavailableReason() {
        return Optional.ofNullable(why);
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return new SoftwareTransport(name, config, context, new ManualNetwork());
    }
}
