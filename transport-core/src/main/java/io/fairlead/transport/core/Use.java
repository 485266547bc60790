package io.fairlead.transport.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Counts who uses something, until it is shut: then no new use is let in, and a future completes when the last one has
 * left. One atomic step per entry and exit; any thread.
 */
final class Use {
    private static final int SHUT = 1 << 31;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Use.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CompletableFuture<@Nullable Void> idle = new CompletableFuture<>();

    /** Users, and the shut bit. */
    @SuppressWarnings("UnusedVariable")
    private volatile int state;

    /** @return false if it is shut */
    boolean enter() {
        int now = (int) STATE.getAndAdd(this, 1);
        if (now < 0) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        int before = (int) STATE.getAndAdd(this, -1);
        if (before == (SHUT | 1)) {
            idle.complete(null);
        }
    }

    /** Lets nobody in from now on. @return completes when all have left; the same future each time */
    CompletableFuture<@Nullable Void> shut() {
        int before = (int) STATE.getAndBitwiseOr(this, SHUT);
        if (before == 0 || before == SHUT) {
            idle.complete(null);
        }
        return idle;
    }

    boolean isShut() {
        return state < 0;
    }
}
