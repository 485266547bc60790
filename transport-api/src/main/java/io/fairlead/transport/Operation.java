package io.fairlead.transport;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An operation as a pair of futures, on top of the callback form. Stages that depend on the futures without an executor of
 * their own run on the event loop and must not block.
 *
 * @param <T> what it yields; {@code Void} for writes and messages
 */
public interface Operation<T extends @Nullable Object> {
    /** Completes when the operation is done, or fails with a {@link TransportException}. */
    CompletableFuture<T> result();

    /** Completes, never fails, when the local buffer is no longer used. */
    CompletableFuture<@Nullable Void> released();

    /** Best effort; the operation still ends exactly once. Never blocks. */
    void cancel();

    /**
     * Blocks until the end, which the deadline bounds; made for virtual threads, forbidden on an event loop. If the thread is
     * interrupted, the operation is cancelled and the interrupt flag kept.
     *
     * @throws TransportException if it failed
     */
    T await();
}
