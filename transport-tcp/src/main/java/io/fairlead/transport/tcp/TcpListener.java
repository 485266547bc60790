package io.fairlead.transport.tcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound socket. What a peer does, or the machine cannot give, never ends it; only {@link #stop()} does. */
final class TcpListener implements Listener, Ready {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    private static final int ACCEPTS_PER_TURN = 64;

    /** How long accepting rests when the machine has no descriptors left. */
    private static final long REST_NS = Duration.ofMillis(50).toNanos();

    private final TcpNetwork network;
    private final ServerSocketChannel channel;
    private final Endpoint endpoint;
    private final Function<Wire, @Nullable Engine> accepted;
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    private @Nullable TcpEventLoop loop;
    private @Nullable SelectionKey key;
    private long restUntilNs = Long.MAX_VALUE;

    TcpListener(TcpNetwork network, ServerSocketChannel channel, Function<Wire, @Nullable Engine> accepted)
            throws IOException {
        this.network = network;
        this.channel = channel;
        this.endpoint = Endpoint.of((InetSocketAddress) channel.getLocalAddress());
        this.accepted = accepted;
    }

    void start(TcpEventLoop on) {
        loop = on;
        on.execute(() -> {
            try {
                key = on.register(channel, SelectionKey.OP_ACCEPT, this);
            } catch (IOException e) {
                LOG.error("cannot accept at {}", endpoint, e);
            }
        });
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void ready(SelectionKey ready) {
        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
            SocketChannel peer;
            try {
                peer = channel.accept();
            } catch (IOException e) {
                rest(e);
                return;
            }
            if (peer == null) {
                return;
            }
            TcpEventLoop chosen = network.nextLoop();
            if (chosen == loop) {
                open(chosen, peer);
            } else {
                try {
                    chosen.execute(() -> open(chosen, peer));
                } catch (RejectedExecutionException e) {
                    TcpEventLoop.closeQuietly(peer);
                }
            }
        }
    }

    private void open(TcpEventLoop on, SocketChannel peer) {
        try {
            network.configure(peer, (InetSocketAddress) peer.getRemoteAddress());
            TcpWire wire = new TcpWire(on, peer);
            Engine engine = accepted.apply(wire);
            if (engine == null) {
                TcpEventLoop.closeQuietly(peer);
            } else {
                wire.start(engine, null);
            }
        } catch (IOException e) {
            LOG.debug("a peer left {} at once", endpoint, e);
            TcpEventLoop.closeQuietly(peer);
        }
    }

    private void rest(IOException e) {
        LOG.warn("accepting at {} rests for {} ms: {}", endpoint, REST_NS / 1_000_000, e.getMessage());
        TcpEventLoop on = loop;
        SelectionKey registered = key;
        if (on != null && registered != null && registered.isValid()) {
            registered.interestOps(0);
            restUntilNs = on.nowNs() + REST_NS;
            on.due(restUntilNs);
        }
    }

    @Override
    public long dueNs() {
        return restUntilNs;
    }

    @Override
    public void tick(long nowNs) {
        restUntilNs = Long.MAX_VALUE;
        SelectionKey registered = key;
        if (registered != null && registered.isValid()) {
            registered.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    @Override
    public void stopped() {
        TcpEventLoop on = loop;
        if (on != null) {
            on.forget(this);
        }
        TcpEventLoop.closeQuietly(channel);
        stopped.complete(null);
    }

    @Override
    public CompletableFuture<@Nullable Void> stop() {
        TcpEventLoop on = loop;
        try {
            if (on != null) {
                // A channel leaves its port only when its selector has let go of the key.
                on.execute(() -> {
                    this.stopped();
                    on.letGo();
                });
            }
        } catch (RejectedExecutionException e) {
            stopped.complete(null);
        }
        return stopped.copy();
    }

    @Override
    public void close() {
        TcpEventLoop on = loop;
        if (on != null && on.inLoop()) {
            throw new IllegalStateException("an event loop must not block to close a listener");
        }
        stop().join();
    }
}
