package io.fairlead.transport.testkit;

import io.fairlead.transport.Limits;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportConfig;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration as arguments of a command line, so that a child process runs with the same one: {@code
 * limits.maxRegions=8}, {@code timeouts.drain=PT5S}, {@code security=NONE}, {@code provider.tcp.loops=1}. By the records' own
 * components, so that a new one cannot be forgotten.
 */
final class RecordText {
    private RecordText() {}

    static List<String> arguments(TransportConfig config) {
        List<String> arguments = new ArrayList<>();
        append(arguments, "limits.", config.limits());
        append(arguments, "timeouts.", config.timeouts());
        arguments.add("security=" + config.security());
        config.provider().forEach((key, value) -> arguments.add("provider." + key + "=" + value));
        return arguments;
    }

    static TransportConfig config(List<String> arguments) {
        Map<String, String> values = new TreeMap<>();
        Map<String, String> provider = new TreeMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String key = argument.substring(0, equals);
            String value = argument.substring(equals + 1);
            if (key.startsWith("provider.")) {
                provider.put(key.substring("provider.".length()), value);
            } else {
                values.put(key, value);
            }
        }
        return new TransportConfig(
                read(values, "limits.", Limits.class),
                read(values, "timeouts.", Timeouts.class),
                SecurityMode.valueOf(value(values, "security")),
                provider);
    }

    private static void append(List<String> to, String prefix, Record from) {
        try {
            for (RecordComponent component : from.getClass().getRecordComponents()) {
                to.add(prefix + component.getName() + "="
                        + component.getAccessor().invoke(from));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + from, e);
        }
    }

    private static <R extends Record> R read(Map<String, String> values, String prefix, Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] parts = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            parts[i] = part(types[i], value(values, prefix + components[i].getName()));
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(parts);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot make " + type + " of " + values, e);
        }
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no value for " + key);
        }
        return value;
    }

    private static Object part(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.parseInt(text);
        }
        if (type == long.class) {
            return Long.parseLong(text);
        }
        if (type == Duration.class) {
            return Duration.parse(text);
        }
        throw new IllegalArgumentException("no text form for a " + type);
    }
}
