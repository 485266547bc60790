package io.fairlead.transport;

import org.jspecify.annotations.Nullable;

/** Told once how a request ended. Threads and rules as {@link Completion}. */
@FunctionalInterface
public interface ReplyHandler {
    /** Exactly one of {@code reply} and {@code failure} is not null; the reply is valid during this call only. */
    void replied(long context, @Nullable Message reply, @Nullable TransportException failure);

    /** The request's local buffer is no longer used; as {@link Completion#released}. */
    default void released(long context) {}
}
