package io.fairlead.transport;

import java.util.Map;
import java.util.TreeMap;

/**
 * What every provider is configured by, and, as text, what only one of them knows.
 *
 * @param limits every bound
 * @param timeouts every time bound
 * @param security what protects connections
 * @param provider settings of the provider by key, such as {@code tcp.loops}; a provider refuses keys of its own prefix that it does not know
 *     and ignores those of others
 */
public record TransportConfig(Limits limits, Timeouts timeouts, SecurityMode security, Map<String, String> provider) {
    public static final TransportConfig DEFAULT =
            new TransportConfig(Limits.DEFAULT, Timeouts.DEFAULT, SecurityMode.NONE, Map.of());

    public TransportConfig {
        provider = Map.copyOf(provider);
    }

    public TransportConfig with(Limits changed) {
        return new TransportConfig(changed, timeouts, security, provider);
    }

    public TransportConfig with(Timeouts changed) {
        return new TransportConfig(limits, changed, security, provider);
    }

    public TransportConfig with(SecurityMode changed) {
        return new TransportConfig(limits, timeouts, changed, provider);
    }

    public TransportConfig with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(provider);
        changed.put(key, value);
        return new TransportConfig(limits, timeouts, security, changed);
    }
}
