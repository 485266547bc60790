package io.fairlead.transport.testkit;

import io.fairlead.transport.Operation;
import io.fairlead.transport.TransportException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waiting for conditions, never for time alone. A bound that passes is an {@link AssertionError} naming what was awaited. */
public final class Await {
    private static final long POLL_NS = 200_000;

    private Await() {}

    /** Waits until the condition holds. */
    public static void until(String what, Duration bound, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("within " + bound + " not true: " + what);
            }
            pause();
        }
    }

    /** Watches that the condition goes on holding for a while; for what must <em>not</em> happen. */
    public static void holdsFor(String what, Duration window, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + window.toNanos();
        do {
            if (!condition.getAsBoolean()) {
                throw new AssertionError("did not stay true for " + window + ": " + what);
            }
            pause();
        } while (System.nanoTime() - deadlineNs < 0);
    }

    /** The future's value; its failure if it fails, an {@link AssertionError} if it is late. */
    public static <T extends @Nullable Object> T result(String what, CompletableFuture<T> future, Duration bound) {
        try {
            return future.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransportException failure) {
                throw failure;
            }
            throw new AssertionError(what + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("within " + bound + " not done: " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what, e);
        }
    }

    /** The transport's failure that the future ends with; anything else is an {@link AssertionError}. */
    public static TransportException failure(String what, CompletableFuture<?> future, Duration bound) {
        try {
            Object value = result(what, future, bound);
            throw new AssertionError(what + " should have failed, but gave " + value);
        } catch (TransportException failure) {
            return failure;
        }
    }

    /** As {@link #failure(String, CompletableFuture, Duration)}. */
    public static TransportException failure(String what, Operation<?> operation, Duration bound) {
        return failure(what, operation.result(), bound);
    }

    static void pause() {
        if (Thread.currentThread().isInterrupted()) {
            throw new AssertionError("interrupted while waiting");
        }
        LockSupport.parkNanos(POLL_NS);
    }
}
