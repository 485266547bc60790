package io.fairlead.transport;

import org.jspecify.annotations.Nullable;

/**
 * Told once how an operation ended. Both methods run on the connection's event loop, or, where the operation ends by
 * the caller's own act, on the caller's thread; they must not block and may start new operations. One instance may
 * serve any number of operations, told apart by {@code context}; nothing is allocated for it.
 */
@FunctionalInterface
public interface Completion {
    /**
     * The operation ended.
     *
     * @param context what the caller gave
     * @param failure null when it is done
     * @param value the old value of an atomic, else the bytes moved; 0 on failure
     */
    void completed(long context, @Nullable TransportException failure, long value);

    /**
     * The operation's local buffer is no longer used. Comes once for each operation that was accepted, never before
     * nor long after a success, but perhaps well after a failure: a frame half sent is finished or its connection closed first.
     */
    default void released(long context) {}
}
