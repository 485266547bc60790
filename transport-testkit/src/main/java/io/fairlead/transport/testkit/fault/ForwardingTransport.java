package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.BufferPool;
import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionAcceptor;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.EffectiveTransport;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A transport that passes everything on. A decorator overrides the three {@code decorate…} methods, each called once for each connection,
 * handler and region, and what else it wants to change.
 */
public class ForwardingTransport implements Transport {
    private final Transport inner;
    private final ConcurrentMap<Connection, Connection> connections = new ConcurrentHashMap<>();

    protected ForwardingTransport(Transport inner) {
        this.inner = inner;
    }

    /** What the application gets for a connection of the provider. */
    protected Connection decorate(Connection connection) {
        return new ForwardingConnection(this, connection);
    }

    /** What the provider gets for a handler of the application. */
    protected ConnectionHandler decorate(ConnectionHandler handler) {
        return new ForwardingHandler(this, handler);
    }

    /** What the application gets for a region of the provider. */
    protected MemoryRegion decorate(MemoryRegion region) {
        return region;
    }

    protected final Transport inner() {
        return inner;
    }

    /** The one decorated form of a connection. */
    final Connection decorated(Connection connection) {
        Connection known = connections.get(connection);
        return known != null ? known : connections.computeIfAbsent(connection, this::decorate);
    }

    /** The handler's last call is over: nobody asks for the connection any more. */
    final void forget(Connection connection) {
        connections.remove(connection);
    }

    @Override
    public EffectiveTransport effective() {
        return inner.effective();
    }

    @Override
    public long incarnation() {
        return inner.incarnation();
    }

    @Override
    public TransportConfig config() {
        return inner.config();
    }

    @Override
    public MemoryRegion register(MemorySegment memory) {
        return decorate(inner.register(memory));
    }

    @Override
    public MemoryRegion allocate(long bytes) {
        return decorate(inner.allocate(bytes));
    }

    @Override
    public BufferPool buffers() {
        return inner.buffers();
    }

    @Override
    public Listener listen(Endpoint local, ConnectionAcceptor acceptor) {
        return inner.listen(local, connection -> decorate(acceptor.accepted(decorated(connection))));
    }

    @Override
    public CompletableFuture<Connection> connect(Endpoint remote, ConnectionHandler handler) {
        CompletableFuture<Connection> attempt = inner.connect(remote, decorate(handler));
        CompletableFuture<Connection> result = attempt.thenApply(this::decorated);
        var _ = result.whenComplete((connection, failure) -> {
            if (failure != null) {
                attempt.cancel(true);
            }
        });
        return result;
    }

    @Override
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        return inner.close(drain);
    }

    @Override
    public void close() {
        inner.close();
    }
}
