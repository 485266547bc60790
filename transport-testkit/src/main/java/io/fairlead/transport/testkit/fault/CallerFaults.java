package io.fairlead.transport.testkit.fault;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller did against the rules, each with the stack that did it. Thread-safe. */
final class CallerFaults {
    private static final int KEPT = 100;

    private final ThreadLocal<@Nullable String> callback = new ThreadLocal<>();
    private final List<AssertionError> faults = new ArrayList<>();

    void add(String what) {
        synchronized (faults) {
            if (faults.size() < KEPT) {
                faults.add(new AssertionError(what));
            }
        }
    }

    List<AssertionError> all() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    /** Runs a callback that must not block. */
    void inCallback(String name, Runnable call) {
        String before = callback.get();
        callback.set(name);
        try {
            call.run();
        } finally {
            callback.set(before);
        }
    }

    /** Something is about to block. */
    void blocks(String what) {
        String where = callback.get();
        if (where != null) {
            add(what + " blocks inside " + where);
        }
    }
}
