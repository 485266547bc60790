package io.fairlead.store.config;

import io.fairlead.transport.Limits;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code transport} block.
 *
 * @param providers in order of preference
 * @param choice whether the first of them is the only one that will do
 */
public record TransportSettings(List<String> providers, Choice choice, TransportConfig config) {
    /** What to do if the first provider is not available. */
    public enum Choice {
        REQUIRED,
        PREFERRED
    }

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    static TransportSettings read(Settings s) {
        List<String> providers = s.texts("transport.providers");
        Choice choice = s.choice("transport.choice", Choice.class, Choice.REQUIRED);
        if (providers.isEmpty() || (choice == Choice.REQUIRED && providers.size() != 1)) {
            s.fault("transport.providers is " + providers + ": one for choice=required, one or more for preferred");
        }
        Map<String, String> own = new TreeMap<>();
        for (String name : providers) {
            s.leaves("transport." + name).forEach((key, value) -> own.put(name + "." + key, value));
        }
        TransportConfig config = new TransportConfig(
                s.check(TransportSettings::limits, Limits.DEFAULT),
                s.check(TransportSettings::timeouts, Timeouts.DEFAULT),
                s.choice("transport.security", SecurityMode.class, SecurityMode.NONE),
                own);
        return new TransportSettings(providers, choice, config);
    }

    private static Limits limits(Settings s) {
        String at = "transport.limits.";
        return new Limits(
                s.number(at + "max-operations-in-flight", 1, Integer.MAX_VALUE),
                s.bytes(at + "max-bytes-in-flight", 1, Long.MAX_VALUE),
                s.number(at + "max-waiting-operations", 0, Integer.MAX_VALUE),
                (int) s.bytes(at + "max-message-bytes", 1, Integer.MAX_VALUE),
                s.bytes(at + "max-operation-bytes", 1, Long.MAX_VALUE),
                (int) s.bytes(at + "max-frame-bytes", 1, Integer.MAX_VALUE),
                s.number(at + "message-credits", 1, Integer.MAX_VALUE),
                s.bytes(at + "message-credit-bytes", 1, Long.MAX_VALUE),
                s.number(at + "max-connections", 1, Integer.MAX_VALUE),
                s.number(at + "max-handshakes", 1, Integer.MAX_VALUE),
                s.number(at + "max-regions", 1, Integer.MAX_VALUE),
                s.number(at + "max-grants", 1, Integer.MAX_VALUE),
                s.bytes(at + "pool-bytes", 1, Long.MAX_VALUE));
    }

    private static Timeouts timeouts(Settings s) {
        String at = "transport.timeouts.";
        return new Timeouts(
                s.time(at + "operation", SHORTEST, LONGEST),
                s.time(at + "connect", SHORTEST, LONGEST),
                s.time(at + "handshake", SHORTEST, LONGEST),
                s.time(at + "keep-alive-interval", SHORTEST, LONGEST),
                s.time(at + "keep-alive-timeout", SHORTEST, LONGEST),
                s.time(at + "drain", SHORTEST, LONGEST));
    }
}
