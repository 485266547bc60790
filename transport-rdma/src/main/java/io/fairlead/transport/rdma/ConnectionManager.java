package io.fairlead.transport.rdma;

import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.Device;
import io.fairlead.transport.rdma.verbs.Errno;
import io.fairlead.transport.rdma.verbs.EventChannel;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of the connection manager, and the thread that waits for them. Thread-safe. */
final class ConnectionManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionManager.class);
    /** Closing ends a wait. */
    private static final int WAIT_MS = 3_600_000;

    private static final int JOIN_MS = 2000;

    private final EventChannel channel;
    private final Map<ConnectionId, Consumer<CmEvent>> receivers = new ConcurrentHashMap<>();
    private volatile boolean closing;
    private Thread thread = Thread.currentThread();

    ConnectionManager(EventChannel channel) {
        this.channel = channel;
    }

    void start(String name) {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** A new id, whose events go to {@code receiver}, on the manager's thread. */
    ConnectionId create(Consumer<CmEvent> receiver) throws VerbsException {
        ConnectionId id = channel.createId();
        receivers.put(id, receiver);
        return id;
    }

    /** Says where the events of an id that came with a request go. */
    void receive(ConnectionId id, Consumer<CmEvent> receiver) {
        receivers.put(id, receiver);
    }

    void forget(ConnectionId id) {
        receivers.remove(id);
    }

    /**
     * The device of this name, or the first, by an address of this machine that leads to it.
     *
     * @throws VerbsException if no address does
     */
    Device device(String name) throws VerbsException {
        VerbsException last = null;
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : each.inetAddresses().toList()) {
                    if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
                        continue;
                    }
                    ConnectionId id = channel.createId();
                    try {
                        id.bind(new InetSocketAddress(address, 0));
                        Device device = id.device();
                        if (name.isEmpty() || device.name().equals(name)) {
                            return device;
                        }
                    } catch (VerbsException e) {
                        last = e;
                    } finally {
                        id.close();
                    }
                }
            }
        } catch (SocketException e) {
            LOG.debug("cannot list the network interfaces", e);
        }
        if (last != null && name.isEmpty()) {
            throw last;
        }
        throw new IllegalArgumentException("no address of this machine leads to "
                + (name.isEmpty() ? "an RDMA device" : "the RDMA device \"" + name + "\" (rdma.device)"));
    }

    private void run() {
        while (!closing) {
            try {
                CmEvent event = channel.next(WAIT_MS);
                if (event != null) {
                    handOver(event);
                }
            } catch (VerbsException e) {
                if (!closing || e.errno() != Errno.ESTALE) {
                    LOG.error("waiting for events of the connection manager failed", e);
                }
                return;
            }
        }
    }

    private void handOver(CmEvent event) {
        ConnectionId addressee = event.listener() == null ? event.id() : event.listener();
        Consumer<CmEvent> receiver = receivers.get(addressee);
        try {
            if (receiver != null) {
                receiver.accept(event);
            } else if (event.listener() != null) {
                event.id().close(); // its listener has stopped
            }
        } catch (VerbsException | RuntimeException | Error e) {
            LOG.error("{} failed", event.type(), e);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            channel.close();
            if (thread != Thread.currentThread()) {
                thread.join(JOIN_MS);
            }
        } catch (VerbsException e) {
            LOG.warn("rdma: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
