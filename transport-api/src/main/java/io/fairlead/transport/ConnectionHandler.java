package io.fairlead.transport;

/**
 * What one side does with what comes over a connection. Calls for one connection come one at a time and in order. They
 * run on the transport's executor (virtual threads by default) and may block: one-sided operations go on meanwhile,
 * and the sender runs out of credits. With {@link Dispatch#INLINE} messages run on the event loop, which is fastest and forbids
 * blocking. A handler's run happens-after the writes that came before its message. An exception from a handler is
 * logged and closes the connection.
 */
public interface ConnectionHandler {
    /** Where messages, requests, notifications and datagrams are handled. */
    enum Dispatch {
        EXECUTOR,
        INLINE
    }

    /** Read once when the connection opens. */
    default Dispatch dispatch() {
        return Dispatch.EXECUTOR;
    }

    /** The handshake is done; comes before any other call. */
    default void opened(Connection connection) {}

    /** A message by {@code send}; the payload is valid during the call. */
    default void message(Connection connection, Message message) {}

    /**
     * A message by {@code request}; to be answered once, now or later, from any thread, with {@link
     * Connection#reply} or {@link Connection#refuse}.
     */
    default void request(Connection connection, long requestId, Message message) {
        connection.refuse(requestId, "this peer takes no requests");
    }

    /** The tag of a {@code writeNotify} whose bytes are visible. */
    default void notified(Connection connection, int tag) {}

    /** An unreliable message; the payload is valid during the call. */
    default void datagram(Connection connection, Message message) {}

    /** The last call. {@code cause} says why, {@link ErrorCode#CLOSED} for an orderly end by either side. */
    default void closed(Connection connection, TransportException cause) {}
}
