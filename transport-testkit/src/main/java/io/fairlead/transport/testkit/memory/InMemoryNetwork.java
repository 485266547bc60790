package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Addresses and who listens there. Endpoints are told apart by port alone. Thread-safe. */
public final class InMemoryNetwork {
    private static final int FIRST_FREE_PORT = 10_000;
    private static final int PORTS = 50_000;

    private final ConcurrentHashMap<Integer, StreamAcceptor> listeners = new ConcurrentHashMap<>();
    private final AtomicInteger nextPort = new AtomicInteger();
    private volatile @Nullable FrameTap tap;

    /** Lets all frames of streams opened from now on run through a tap. */
    public InMemoryNetwork tapped(FrameTap through) {
        tap = through;
        return this;
    }

    Endpoint bind(Endpoint wanted, StreamAcceptor listener) {
        if (wanted.port() != 0) {
            if (listeners.putIfAbsent(wanted.port(), listener) != null) {
                throw new TransportException(ErrorCode.BIND_FAILED, wanted + " is taken");
            }
            return wanted;
        }
        for (int tried = 0; tried < PORTS; tried++) {
            int port = freshPort();
            if (listeners.putIfAbsent(port, listener) == null) {
                return new Endpoint(wanted.host(), port);
            }
        }
        throw new TransportException(ErrorCode.BIND_FAILED, wanted + ": no port is free");
    }

    void unbind(Endpoint bound, StreamAcceptor listener) {
        listeners.remove(bound.port(), listener);
    }

    @Nullable
    StreamAcceptor listenerAt(Endpoint endpoint) {
        return listeners.get(endpoint.port());
    }

    /** A new stream: its two directions. */
    MemoryLink link() {
        return new MemoryLink(tap);
    }

    private int freshPort() {
        return FIRST_FREE_PORT + Math.floorMod(nextPort.getAndIncrement(), PORTS);
    }

    /** An address for the side that connects. */
    Endpoint clientAddress() {
        return new Endpoint("memory", freshPort());
    }
}
