package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.ConnectionParameters;
import io.fairlead.transport.rdma.verbs.Errno;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound id that takes requests. What a peer does, or the device cannot give, never ends it; only {@link #stop()} does. */
final class RdmaListener implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(RdmaListener.class);
    private static final int BACKLOG = 1024;

    private final RdmaNetwork network;
    private final Function<Wire, @Nullable Engine> accepted;
    private final ConnectionId id;
    private final Endpoint endpoint;

    private RdmaListener(RdmaNetwork network, InetSocketAddress address, Function<Wire, @Nullable Engine> accepted)
            throws VerbsException {
        this.network = network;
        this.accepted = accepted;
        id = network.manager().create(this::event);
        try {
            id.bind(address);
            id.listen(BACKLOG);
            endpoint = Endpoint.of(id.localAddress());
        } catch (VerbsException e) {
            network.close(id);
            throw e;
        }
    }

    static RdmaListener bind(RdmaNetwork network, InetSocketAddress address, Function<Wire, @Nullable Engine> accepted)
            throws VerbsException {
        return new RdmaListener(network, address, accepted);
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    private void event(CmEvent event) {
        if (event.type() == CmEventType.DEVICE_REMOVAL) {
            LOG.error("{}: the device {} was removed, nobody can connect any more", endpoint, network.device());
            stop(); // the kernel waits for it
        }
        if (event.type() != CmEventType.CONNECT_REQUEST) {
            return;
        }
        RdmaLoop loop = network.nextLoop();
        if (loop == null) {
            refuse(event.id(), null, network.allDead());
        } else if (!RdmaNetwork.handOver(loop, () -> accept(loop, event))) {
            network.close(event.id());
        }
    }

    /** Takes a request, on the loop that will have the connection. */
    private void accept(RdmaLoop loop, CmEvent request) {
        ConnectionId peer = request.id();
        RdmaWire wire = null;
        try {
            Terms terms = Terms.decode(request.privateData());
            wire = RdmaWire.make(network, loop, peer, terms);
            if (wire == null) {
                refuse(peer, null, "the completion queue is full (rdma.loops, rdma.slots, rdma.sendRequests)");
                return;
            }
            Engine engine = accepted.apply(wire);
            if (engine == null) {
                refuse(peer, wire, "limit maxConnections is reached");
                return;
            }
            RdmaWire opened = wire;
            network.manager().receive(peer, opened::event);
            opened.expect(engine);
            RdmaSettings settings = network.settings();
            peer.setAckTimeout(settings.ackTimeout()); // else the peer's holds
            int depth = settings.readDepth();
            peer.accept(new ConnectionParameters(
                    Math.min(depth, request.responderResources()),
                    Math.min(depth, request.initiatorDepth()),
                    settings.retries(),
                    RdmaWire.RNR_RETRIES,
                    new Terms(settings.slots(), settings.slotBytes()).encode()));
        } catch (ProtocolException e) {
            LOG.debug("{}: a peer is refused: {}", endpoint, e.getMessage());
            refuse(peer, null, String.valueOf(e.getMessage()));
        } catch (VerbsException | RuntimeException e) {
            boolean expected = wire != null && wire.isExpected();
            logFailure(e, expected);
            if (wire != null && expected) {
                wire.fail(e);
            } else {
                discard(wire, peer);
            }
        }
    }

    /**
     * Peers that leave before they are accepted are everyday, and verbs say so by EINVAL once all else is there: before, it is a value that the
     * device does not take. An error of ours comes with its stack.
     */
    private void logFailure(Exception failure, boolean expected) {
        if (expected && failure instanceof VerbsException verbs && verbs.errno() == Errno.EINVAL) {
            LOG.debug("{}: a peer has left before it was accepted: {}", endpoint, failure.getMessage());
        } else if (failure instanceof VerbsException) {
            LOG.warn("{}: a connection cannot be accepted: {}", endpoint, failure.getMessage());
        } else {
            LOG.warn("{}: a connection cannot be accepted", endpoint, failure);
        }
    }

    private void refuse(ConnectionId peer, @Nullable RdmaWire wire, String why) {
        try {
            peer.reject(cut(why));
        } catch (VerbsException e) {
            LOG.debug("{}: {}", endpoint, e.getMessage()); // it has left already
        }
        discard(wire, peer);
    }

    private void discard(@Nullable RdmaWire wire, ConnectionId peer) {
        if (wire == null) {
            network.close(peer);
        } else {
            wire.end();
        }
    }

    private static byte[] cut(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, Math.min(bytes.length, ConnectionParameters.MAX_REJECT_DATA));
    }

    @Override
    public CompletableFuture<@Nullable Void> stop() {
        network.gone(this);
        network.close(id);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        stop().join();
    }
}
