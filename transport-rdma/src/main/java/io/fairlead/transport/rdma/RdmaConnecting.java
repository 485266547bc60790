package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.ConnectionParameters;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to connect: address, route, queue pair, request, each with an event that may not come; so one time for all of them. The
 * manager's thread drives it; the queue pair is made on the loop that will have it.
 */
final class RdmaConnecting {
    private static final int REJECTED_BY_PEER = 28;

    private final RdmaNetwork network;
    private final RdmaLoop loop;
    private final Endpoint remote;
    private final Function<Wire, Engine> connected;
    private final Consumer<TransportException> failed;

    private enum Phase {
        BEGINNING,
        ASKING,
        OPEN,
        OVER
    }

    /** Completes with the attempt, whose timer would else keep all of it until the time to connect is over. */
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    // Guarded by this.
    private Phase phase = Phase.BEGINNING;
    private @Nullable ConnectionId id;
    private @Nullable RdmaWire wire;

    RdmaConnecting(
            RdmaNetwork network,
            RdmaLoop loop,
            Endpoint remote,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed) {
        this.network = network;
        this.loop = loop;
        this.remote = remote;
        this.connected = connected;
        this.failed = failed;
    }

    void begin() {
        long timeoutMs = network.timeouts().connect().toMillis();
        over.orTimeout(timeoutMs, TimeUnit.MILLISECONDS).exceptionallyAsync(late -> {
            fail("no answer within " + network.timeouts().connect(), null);
            return null;
        });
        try {
            InetSocketAddress address = remote.resolve();
            if (address.isUnresolved()) {
                throw new IOException("unknown host " + remote.host());
            }
            synchronized (this) {
                if (phase != Phase.BEGINNING) {
                    return;
                }
                ConnectionId made = network.manager().create(this::event);
                id = made;
                made.resolveAddress(null, address, Math.toIntExact(Math.min(timeoutMs, Integer.MAX_VALUE)));
            }
        } catch (IOException | RuntimeException e) {
            fail(String.valueOf(e.getMessage()), e);
        }
    }

    private void event(CmEvent event) {
        try {
            switch (event.type()) {
                case ADDRESS_RESOLVED -> resolveRoute();
                case ROUTE_RESOLVED -> {
                    if (!RdmaNetwork.handOver(loop, this::ask)) {
                        fail(loopIsOver(), null);
                    }
                }
                case ESTABLISHED -> established(event);
                case REJECTED -> fail(refusal(event), null);
                case ADDRESS_ERROR, ROUTE_ERROR, CONNECT_ERROR, UNREACHABLE ->
                    fail(event.type() + ", status " + event.status(), null);
                default -> passOn(event);
            }
        } catch (VerbsException e) {
            fail(String.valueOf(e.getMessage()), e);
        }
    }

    private static String refusal(CmEvent event) {
        if (event.status() != REJECTED_BY_PEER) {
            return "refused: nobody listens there (status " + event.status() + ")";
        }
        String said = new String(event.privateData(), StandardCharsets.UTF_8);
        int end = said.indexOf('\0');
        return "refused: " + (end < 0 ? said : said.substring(0, end));
    }

    private synchronized void resolveRoute() throws VerbsException {
        if (phase == Phase.BEGINNING && id != null) {
            id.resolveRoute(
                    Math.toIntExact(Math.min(network.timeouts().connect().toMillis(), Integer.MAX_VALUE)));
        }
    }

    /** On the loop: makes the queue pair, posts the receives, asks. */
    private void ask() {
        try {
            synchronized (this) {
                ConnectionId asking = id;
                if (phase != Phase.BEGINNING || asking == null) {
                    return;
                }
                RdmaSettings settings = network.settings();
                if (!asking.device().equals(network.device())) {
                    throw new IOException("the way there is by device " + asking.device() + ", this transport uses "
                            + network.device());
                }
                asking.setAckTimeout(settings.ackTimeout());
                RdmaWire made = RdmaWire.make(network, loop, asking, null);
                if (made == null) {
                    throw new IOException("the completion queue is full (rdma.loops, rdma.slots, rdma.sendRequests)");
                }
                wire = made;
                phase = Phase.ASKING;
                asking.connect(new ConnectionParameters(
                        settings.readDepth(),
                        settings.readDepth(),
                        settings.retries(),
                        RdmaWire.RNR_RETRIES,
                        new Terms(settings.slots(), settings.slotBytes()).encode()));
            }
        } catch (IOException | RuntimeException e) {
            fail(String.valueOf(e.getMessage()), e);
        }
    }

    private void established(CmEvent event) {
        Terms terms;
        try {
            terms = Terms.decode(event.privateData());
        } catch (ProtocolException e) {
            fail("the peer is refused: " + e.getMessage(), e);
            return;
        }
        RdmaWire opened;
        synchronized (this) {
            opened = wire;
            if (phase != Phase.ASKING || opened == null) {
                return;
            }
            phase = Phase.OPEN;
        }
        over.complete(null);
        network.gone(this);
        network.manager().receive(event.id(), opened::event);
        boolean taken = RdmaNetwork.handOver(loop, () -> {
            opened.agree(terms);
            opened.open(connected.apply(opened));
        });
        if (!taken) {
            failed.accept(failure(loopIsOver(), null)); // with the loop went the queue pair
        }
    }

    private String loopIsOver() {
        return loop.isDead() ? "its poller has died; the log says of what" : "the transport is closed";
    }

    /** A loop has died, and what it had with it. */
    void lost(RdmaLoop dead, Throwable why) {
        if (dead == loop) {
            fail("its poller has died: " + why, why);
        }
    }

    private void passOn(CmEvent event) {
        RdmaWire opened;
        synchronized (this) {
            opened = phase == Phase.OPEN ? wire : null;
        }
        if (opened != null) {
            opened.event(event);
        } else if (event.type() == CmEventType.DISCONNECTED) {
            fail("the peer left", null);
        } else if (event.type() == CmEventType.DEVICE_REMOVAL) {
            fail("the device " + network.device() + " was removed", null);
        }
    }

    /** Nobody waits for it any more, or it is done. */
    void abandoned() {
        fail("given up", null);
    }

    void fail(String why, @Nullable Throwable cause) {
        RdmaWire made;
        ConnectionId asking;
        synchronized (this) {
            if (phase == Phase.OPEN || phase == Phase.OVER) {
                return;
            }
            phase = Phase.OVER;
            made = wire;
            asking = id;
        }
        over.complete(null);
        network.gone(this);
        if (made != null) {
            RdmaNetwork.handOver(loop, made::end);
        } else if (asking != null) {
            network.close(asking);
        }
        failed.accept(failure(why, cause));
    }

    private TransportException failure(String why, @Nullable Throwable cause) {
        return new TransportException(ErrorCode.CONNECT_FAILED, "cannot connect to " + remote + ": " + why, cause);
    }
}
