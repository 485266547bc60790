package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the chosen provider: the way in without Guice. */
public final class Transports {
    private static final Logger LOG = LoggerFactory.getLogger(Transports.class);

    private Transports() {}

    /** The providers on the class path, by name. Loads no native library and starts nothing. */
    public static Map<String, TransportProvider> installed() {
        Map<String, TransportProvider> found = new TreeMap<>();
        for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            found.put(provider.name(), provider);
        }
        return found;
    }

    /** Starts the chosen one of the installed providers. @see #open(TransportChoice, Collection, TransportConfig, TransportContext) */
    public static Transport open(TransportChoice choice, TransportConfig config, TransportContext context) {
        return open(choice, installed().values(), config, context);
    }

    /**
     * Starts the chosen provider. What was chosen, and why, is then to be read on the transport, in the log and on
     * every meter.
     *
     * @throws TransportException {@link ErrorCode#UNAVAILABLE}, listing the known providers with their availability,
     *     if a name is unknown or none of the chosen can run
     */
    public static Transport open(
            TransportChoice choice,
            Collection<? extends TransportProvider> providers,
            TransportConfig config,
            TransportContext context) {
        Map<String, TransportProvider> known = new TreeMap<>();
        providers.forEach(provider -> known.put(provider.name(), provider));
        List<String> passedOver = new ArrayList<>();
        for (String name : choice.names()) {
            TransportProvider provider = known.get(name);
            if (provider == null) {
                throw new TransportException(
                        ErrorCode.UNAVAILABLE, "unknown transport '" + name + "', known: " + list(known));
            }
            Optional<String> unavailable = provider.unavailableReason();
            if (unavailable.isEmpty()) {
                return start(provider, choice, passedOver, config, context);
            }
            passedOver.add(name + " is unavailable: " + unavailable.get());
        }
        throw new TransportException(
                ErrorCode.UNAVAILABLE,
                (choice.required() ? "required " : "preferred ") + String.join("; ", passedOver) + "; known: "
                        + list(known));
    }

    private static Transport start(
            TransportProvider provider,
            TransportChoice choice,
            List<String> passedOver,
            TransportConfig config,
            TransportContext context) {
        String reason = choice.required()
                ? "required"
                : passedOver.isEmpty() ? "first preference" : "preferred " + String.join("; ", passedOver);
        if (!passedOver.isEmpty()) {
            LOG.warn("transport {} is used: {}", provider.name(), reason);
        }
        return provider.start(config, context.because(reason));
    }

    private static String list(Map<String, TransportProvider> known) {
        if (known.isEmpty()) {
            return "none (is a provider's jar on the class path?)";
        }
        List<String> lines = new ArrayList<>();
        known.forEach((name, provider) -> lines.add(name + " ("
                + provider.unavailableReason().map(why -> "unavailable: " + why).orElse("available") + ")"));
        return String.join(", ", lines);
    }
}
