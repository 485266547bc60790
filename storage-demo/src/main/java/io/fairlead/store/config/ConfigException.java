package io.fairlead.store.config;

import java.util.List;

/** A configuration that cannot be used, with all that is wrong with it. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(List<String> faults) {
        super("configuration: " + String.join("; ", faults));
    }
}
