package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What is counted, on every provider alike. Recording allocates nothing and looks nothing up. Any thread. */
interface TransportMetrics extends AutoCloseable {
    /** For transports without a registry. */
    TransportMetrics NONE = new TransportMetrics() {};

    /** An operation of this side ended: null for done, and how long it took. */
    default void ended(OperationKind kind, @Nullable ErrorCode failure, long nanoseconds) {}

    /** Payload left for the peer, as part of an operation of either side. */
    default void bytesOut(OperationKind kind, long bytes) {}

    /** Payload came from the peer, as part of an operation of either side. */
    default void bytesIn(OperationKind kind, long bytes) {}

    /** An operation was refused because a bound is reached. */
    default void backPressured(OperationKind kind, Bound bound) {}

    default void connectionOpened() {}

    /** A connection that was open ended; null for an orderly end. */
    default void connectionClosed(@Nullable ErrorCode cause) {}

    default void connectFailed(ErrorCode cause) {}

    default void reconnected() {}

    /** Unregisters everything. */
    @Override
    default void close() {}
}
