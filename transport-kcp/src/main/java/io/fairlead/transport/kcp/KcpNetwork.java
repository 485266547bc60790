package io.fairlead.transport.kcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Network;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.kcp.protocol.SlotPool;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Datagram sockets and the loops that move them. */
final class KcpNetwork implements Network {
    private static final AtomicInteger STARTED = new AtomicInteger();

    /** Of segments, for all connections of a loop: 384 MiB at the usual size. What finds no place counts as lost. */
    private static final int SLOTS_PER_LOOP = 1 << 18;

    private final KcpSettings settings;
    private final Timeouts timeouts;
    private final DatagramLayer layer;
    private final Conversations conversations;
    private final Sockets sockets;
    private final MultiThreadIoEventLoopGroup group;
    private final List<KcpLoop> loops = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /** Sockets that have a listener, or had one and still have connections. */
    private final Map<Endpoint, KcpListener> bound = new ConcurrentHashMap<>();

    private final Set<KcpConnecting> connecting = ConcurrentHashMap.newKeySet();

    KcpNetwork(KcpSettings settings, Timeouts timeouts, DatagramLayer layer, Conversations conversations) {
        this.conversations = conversations;
        this.settings = settings;
        this.timeouts = timeouts;
        this.layer = layer;
        sockets = new Sockets(settings);
        group = new MultiThreadIoEventLoopGroup(
                settings.loops(),
                new DefaultThreadFactory("fairlead-kcp-" + STARTED.incrementAndGet(), true),
                sockets.ioHandlers());
        int slotBytes = settings.protocol().segments().slotBytes();
        for (int i = 0; i < settings.loops(); i++) {
            loops.add(new KcpLoop(
                    group.next(),
                    new SlotPool(slotBytes, SLOTS_PER_LOOP),
                    conversations,
                    new Train(settings.protocol().segments().mtuBytes(), sockets.segmented())));
        }
    }

    KcpSettings settings() {
        return settings;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    DatagramLayer layer() {
        return layer;
    }

    Sockets sockets() {
        return sockets;
    }

    @Override
    public List<KcpLoop> loops() {
        return loops;
    }

    private KcpLoop nextLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    @Override
    public Listener listen(Endpoint local, Function<Wire, @Nullable Engine> accepted) {
        KcpListener before = bound.get(local);
        if (before != null && before.listenAgain(accepted)) {
            return before.listener();
        }
        try {
            InetSocketAddress address = local.resolve();
            if (address.isUnresolved()) {
                throw new IOException("unknown host " + local.host());
            }
            KcpListener listener = KcpListener.bind(this, nextLoop(), address, accepted);
            bound.put(listener.endpoint(), listener);
            return listener.listener();
        } catch (IOException | RuntimeException e) {
            throw new TransportException(ErrorCode.BIND_FAILED, "cannot listen at " + local + ": " + e.getMessage(), e);
        }
    }

    void unbound(KcpListener listener) {
        bound.remove(listener.endpoint(), listener);
    }

    @Override
    public void connect(
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed) {
        KcpLoop loop = nextLoop();
        KcpConnecting attempt = new KcpConnecting(this, loop, remote, connected, failed);
        Runnable begin = () -> {
            try {
                InetSocketAddress address = remote.resolve();
                loop.execute(() -> attempt.begin(address, wanted));
            } catch (RejectedExecutionException e) {
                attempt.fail("the transport is closed", e);
            }
        };
        connecting.add(attempt);
        if (isLiteral(remote.host())) {
            begin.run();
        } else {
            // A name service may block, and a loop must not.
            Thread.ofVirtual().name("fairlead-resolve").start(begin);
        }
    }

    void gone(KcpConnecting attempt) {
        connecting.remove(attempt);
    }

    private static boolean isLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Gives what was said last the time to arrive; then the sockets close, and the threads end. */
    @Override
    public CompletableFuture<?> stop() {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        bound.values().forEach(listener -> ends.add(listener.shutdown()));
        connecting.forEach(attempt -> ends.add(attempt.shutdown()));
        CompletableFuture<?> stopped = new CompletableFuture<>();
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .orTimeout(3, TimeUnit.SECONDS)
                .whenComplete((done, late) -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                        .addListener(end -> {
                            conversations.close();
                            stopped.complete(null);
                        }));
        return stopped;
    }
}
