package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Message;
import io.fairlead.transport.TransportException;

/** A handler that passes everything on, with the decorated connection in place of the provider's. */
public class ForwardingHandler implements ConnectionHandler {
    private final ForwardingTransport transport;
    private final ConnectionHandler inner;

    protected ForwardingHandler(ForwardingTransport transport, ConnectionHandler inner) {
        this.transport = transport;
        this.inner = inner;
    }

    @Override
    public Dispatch dispatch() {
        return inner.dispatch();
    }

    @Override
    public void opened(Connection connection) {
        inner.opened(transport.decorated(connection));
    }

    @Override
    public void message(Connection connection, Message message) {
        inner.message(transport.decorated(connection), message);
    }

    @Override
    public void request(Connection connection, long requestId, Message message) {
        inner.request(transport.decorated(connection), requestId, message);
    }

    @Override
    public void notified(Connection connection, int tag) {
        inner.notified(transport.decorated(connection), tag);
    }

    @Override
    public void datagram(Connection connection, Message message) {
        inner.datagram(transport.decorated(connection), message);
    }

    @Override
    public void closed(Connection connection, TransportException cause) {
        try {
            inner.closed(transport.decorated(connection), cause);
        } finally {
            transport.forget(connection);
        }
    }
}
