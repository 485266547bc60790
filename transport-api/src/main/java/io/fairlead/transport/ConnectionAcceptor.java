package io.fairlead.transport;

/** Chooses the handler of an accepted connection. Runs on the event loop after the handshake and must not block. */
@FunctionalInterface
public interface ConnectionAcceptor {
    ConnectionHandler accepted(Connection connection);
}
