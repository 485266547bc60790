package io.fairlead.store.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigMemorySize;
import io.fairlead.transport.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Typed reading that goes on after a fault, so that all faults are told at once. */
final class Settings {
    private final Config config;
    private final List<String> faults = new ArrayList<>();

    Settings(Config config) {
        this.config = config;
    }

    String text(String path) {
        return read(path, config::getString, "");
    }

    List<String> texts(String path) {
        return read(path, config::getStringList, List.of());
    }

    Duration time(String path, Duration min, Duration max) {
        Duration value = read(path, config::getDuration, min);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            faults.add(path + " is " + value + ", allowed " + min + " to " + max);
        }
        return value;
    }

    long bytes(String path, long min, long max) {
        return range(path, read(path, p -> size(config.getMemorySize(p)), min), min, max);
    }

    int number(String path, int min, int max) {
        return (int) range(path, read(path, config::getInt, min), min, max);
    }

    private static long size(ConfigMemorySize size) {
        return size.toBytes();
    }

    private long range(String path, long value, long min, long max) {
        if (value < min || value > max) {
            faults.add(path + " is " + value + ", allowed " + min + ".." + max);
            return min;
        }
        return value;
    }

    Endpoint endpoint(String path) {
        return read(path, p -> Endpoint.parse(config.getString(p)), Endpoint.loopback());
    }

    <E extends Enum<E>> E choice(String path, Class<E> type, E fallback) {
        String value = text(path);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
                return constant;
            }
        }
        faults.add(path + " is '" + value + "', allowed "
                + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
        return fallback;
    }

    /** Every leaf below {@code path}, by its path from there. */
    Map<String, String> leaves(String path) {
        Map<String, String> leaves = new TreeMap<>();
        if (config.hasPath(path)) {
            config.getConfig(path)
                    .entrySet()
                    .forEach(entry -> leaves.put(
                            entry.getKey(), entry.getValue().unwrapped().toString()));
        }
        return leaves;
    }

    /** Notes what {@code check} throws as a fault. */
    <T> T check(Function<Settings, T> check, T fallback) {
        int before = faults.size();
        try {
            return check.apply(this);
        } catch (IllegalArgumentException e) {
            if (faults.size() == before) {
                faults.add("" + e.getMessage());
            }
            return fallback;
        }
    }

    void fault(String fault) {
        faults.add(fault);
    }

    void throwFaults() {
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
    }

    private <T> T read(String path, Function<String, T> reader, T fallback) {
        try {
            return reader.apply(path);
        } catch (com.typesafe.config.ConfigException | IllegalArgumentException e) {
            faults.add(path + ": " + e.getMessage());
            return fallback;
        }
    }
}
