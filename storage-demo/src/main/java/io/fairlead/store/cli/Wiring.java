package io.fairlead.store.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import io.fairlead.store.config.TransportSettings;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.TransportModule;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportProvider;
import io.micrometer.core.instrument.MeterRegistry;

/** From configuration to a running transport, by Guice. */
final class Wiring {
    private Wiring() {}

    /**
     * The caller closes it.
     *
     * @throws TransportException with a sentence for who typed the command, if it cannot run here
     */
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
                throw isUnavailable(cause) ? withWayOn(choice, cause) : cause;
            }
            throw e;
        }
    }

    private static boolean isUnavailable(RuntimeException failure) {
        return failure instanceof TransportException transport && transport.code() == ErrorCode.UNAVAILABLE;
    }

    /** For a required provider that is installed and cannot run here; of others the failure tells all there is to do. */
    private static RuntimeException withWayOn(TransportChoice choice, RuntimeException failure) {
        String name = choice.names().getFirst();
        TransportProvider provider = Transports.installed().get(name);
        if (!choice.required() || provider == null) {
            return failure;
        }
        String reason = provider.unavailableReason().orElse(failure.getMessage());
        return new TransportException(
                ErrorCode.UNAVAILABLE,
                name + " cannot run here: " + reason + ". Use --transport tcp, or --transport " + name
                        + ",tcp to fall back to it"
                        + (name.equals("rdma")
                                ? "; integration-tests/soft-roce/run COMMAND runs a command on a machine with RDMA"
                                : ""),
                failure);
    }
}
