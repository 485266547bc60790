package io.fairlead.transport.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts who uses something, until it is shut: then no new use is let in, and a future completes when the last one has
 * left. One atomic step per entry and exit; any thread.
 */
final class Use {
    private static final int SHUT = 1 << 31;

    private final CompletableFuture<@Nullable Void> idle = new CompletableFuture<>();

    /** Users, and the shut bit. */
    private final AtomicInteger state = new AtomicInteger();

    /** @return false if it is shut */
    boolean enter() {
        int now = state.getAndIncrement();
        if (now < 0) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        int before = state.getAndDecrement();
        if (before == (SHUT | 1)) {
            idle.complete(null);
        }
    }

    /** Lets nobody in from now on. @return completes when all have left; the same future each time */
    CompletableFuture<@Nullable Void> shut() {
        int before = state.getAndUpdate(now -> now | SHUT);
        if (before == 0 || before == SHUT) {
            idle.complete(null);
        }
        return idle;
    }

    boolean isShut() {
        return state.get() < 0;
    }
}
