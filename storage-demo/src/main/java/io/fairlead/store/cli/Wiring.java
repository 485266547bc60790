package io.fairlead.store.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import io.fairlead.store.config.TransportSettings;
import io.fairlead.transport.Transport;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.TransportModule;
import io.micrometer.core.instrument.MeterRegistry;

/** From configuration to a running transport, by Guice. */
final class Wiring {
    private Wiring() {}

    /** The caller closes it. */
    static Transport transport(TransportSettings settings, MeterRegistry meters) {
        TransportChoice choice = settings.choice() == TransportSettings.Choice.REQUIRED
                ? TransportChoice.required(settings.providers().getFirst())
                : TransportChoice.preferred(settings.providers().toArray(String[]::new));
        Injector injector = Guice.createInjector(
                new TransportModule(choice, settings.config()),
                binder -> binder.bind(MeterRegistry.class).toInstance(meters));
        try {
            return injector.getInstance(Transport.class);
        } catch (ProvisionException e) {
            // Guice's own message is a page; the cause says what an operator needs.
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
