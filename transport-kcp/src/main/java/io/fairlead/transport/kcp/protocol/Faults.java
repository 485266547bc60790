package io.fairlead.transport.kcp.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with a record of configuration, to be reported all at once with limit and value. */
final class Faults {
    private final String concern;
    private final List<String> found = new ArrayList<>();

    Faults(String concern) {
        this.concern = concern;
    }

    Faults range(String name, long value, long least, long most) {
        if (value < least || value > most) {
            found.add(name + " is " + value + ", allowed " + least + ".." + most);
        }
        return this;
    }

    Faults range(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            found.add(name + " is " + value + ", allowed " + least + ".." + most);
        }
        return this;
    }

    void report() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(concern + ": " + String.join("; ", found));
        }
    }
}
