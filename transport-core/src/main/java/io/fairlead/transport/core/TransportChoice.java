package io.fairlead.transport.core;

import java.util.List;

/**
 * Which provider shall run.
 *
 * @param names in order of preference
 * @param required whether only the first will do; else the first one available is taken, and says why
 */
public record TransportChoice(List<String> names, boolean required) {
    public TransportChoice {
        names = List.copyOf(names);
        if (names.isEmpty() || (required && names.size() > 1)) {
            throw new IllegalArgumentException(
                    "a choice names one required provider or some preferred ones, not " + names);
        }
    }

    /** This one or none. */
    public static TransportChoice required(String name) {
        return new TransportChoice(List.of(name), true);
    }

    /** The first of these that is available. */
    public static TransportChoice preferred(String... names) {
        return new TransportChoice(List.of(names), false);
    }
}
