package io.fairlead.transport.kcp;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.kcp.ControlDatagram.Offer;
import io.fairlead.transport.kcp.ControlDatagram.Type;
import io.fairlead.transport.kcp.protocol.KcpConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound socket and the conversations that came in by it, told apart by their numbers. Before a client has shown that it gets what
 * is sent to its address, nothing is remembered of it. A listener that has stopped keeps its socket while it has connections. All is
 * for the loop, but what {@link #listener()} offers.
 */
final class KcpListener extends DatagramHandler {
    private static final Logger LOG = LoggerFactory.getLogger(KcpListener.class);
    private static final long COOKIE_MS = 10_000;

    /** An attempt of a client, so that its repetitions get the same answer. */
    private record Attempt(InetSocketAddress client, long nonce) {}

    private final KcpNetwork network;
    private final KcpLoop loop;
    private final SecureRandom random = new SecureRandom();
    private final Cookies cookies = new Cookies(random, COOKIE_MS);
    private final IntObjectMap<KcpWire> wires = new IntObjectHashMap<>();
    private final Map<Attempt, KcpWire> attempts = new HashMap<>();
    private final Map<KcpWire, Attempt> attemptOf = new IdentityHashMap<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private volatile @Nullable Function<Wire, @Nullable Engine> accepted;
    private volatile boolean closing;
    private @Nullable Channel channel;
    private @Nullable Endpoint endpoint;

    private KcpListener(KcpNetwork network, KcpLoop loop, Function<Wire, @Nullable Engine> accepted) {
        super(network, loop);
        this.network = network;
        this.loop = loop;
        this.accepted = accepted;
    }

    /** Blocks until the socket is bound. */
    static KcpListener bind(
            KcpNetwork network, KcpLoop loop, InetSocketAddress address, Function<Wire, @Nullable Engine> accepted)
            throws IOException {
        KcpListener listener = new KcpListener(network, loop, accepted);
        ChannelFuture binding = network.sockets()
                .bootstrap(loop, new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        network.layer().addTo(opened.pipeline());
                        opened.pipeline().addLast(listener);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(binding.cause().getMessage(), binding.cause());
        }
        listener.channel = binding.channel();
        listener.endpoint = Endpoint.of((InetSocketAddress) binding.channel().localAddress());
        return listener;
    }

    Endpoint endpoint() {
        return Objects.requireNonNull(endpoint);
    }

    @Override
    public Channel channel() {
        return Objects.requireNonNull(channel);
    }

    // ---- any thread ----------------------------------------------------------------------------------------------

    /** What the application holds of it. */
    Listener listener() {
        Function<Wire, @Nullable Engine> mine = accepted;
        return new Listener() {
            @Override
            public Endpoint endpoint() {
                return KcpListener.this.endpoint();
            }

            @Override
            public CompletableFuture<@Nullable Void> stop() {
                return onLoop(() -> {
                    if (accepted == mine) {
                        accepted = null;
                        leaveIfIdle();
                    }
                });
            }

            @Override
            public void close() {
                if (loop.inLoop()) {
                    throw new IllegalStateException("an event loop must not block to close a listener");
                }
                stop().join();
            }
        };
    }

    /** Accepts again, if the socket is there and has no listener. Blocks until the loop has looked. */
    boolean listenAgain(Function<Wire, @Nullable Engine> by) {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                boolean free = accepted == null && !closing && channel().isOpen();
                if (free) {
                    accepted = by;
                }
                taken.complete(free);
            });
        } catch (RejectedExecutionException e) {
            return false;
        }
        return taken.join();
    }

    private CompletableFuture<@Nullable Void> onLoop(Runnable task) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                task.run();
                if (channel().isOpen()) {
                    done.complete(null);
                } else {
                    channel().closeFuture().addListener(closed -> done.complete(null));
                }
            });
        } catch (RejectedExecutionException e) {
            done.complete(null);
        }
        return done;
    }

    /** Ends as soon as all connections have. */
    CompletableFuture<?> shutdown() {
        onLoop(() -> {
            accepted = null;
            closing = true;
            leaveIfIdle();
        });
        return gone;
    }

    // ---- what comes ----------------------------------------------------------------------------------------------

    @Override
    void segments(int conversation, MemorySegment bytes, int length, InetSocketAddress from) {
        KcpWire wire = wires.get(conversation);
        if (wire == null && network.settings().dialect() != Dialect.NATIVE) {
            wire = open(conversation, from, bytes);
        }
        if (wire != null && wire.address().equals(from)) {
            wire.datagram(bytes, length);
        }
    }

    /** Without a handshake, the first segment of a stream opens it. */
    private @Nullable KcpWire open(int conversation, InetSocketAddress from, MemorySegment bytes) {
        boolean first = bytes.get(JAVA_INT_UNALIGNED, 12) == 0;
        Function<Wire, @Nullable Engine> acceptor = accepted;
        return first && acceptor != null
                ? accept(acceptor, conversation, from, 0, network.settings().protocol())
                : null;
    }

    @Override
    void control(ControlDatagram said, InetSocketAddress from) {
        if (network.settings().dialect() != Dialect.NATIVE) {
            return;
        }
        switch (said.type()) {
            case HELLO -> {
                if (accepted == null) {
                    refuse(said, from, "nobody listens at " + endpoint());
                } else {
                    retry(said, from);
                }
            }
            case CONNECT -> connect(said, from);
            case CLOSE -> close(said, from);
            case CLOSED -> {
                KcpWire wire = wires.get(said.conversation());
                if (wire != null && wire.secret() == said.nonce()) {
                    wire.end();
                }
            }
            default -> {
                // For clients.
            }
        }
    }

    private void retry(ControlDatagram said, InetSocketAddress from) {
        byte[] cookie = cookies.issue(from, said.nonce(), nowMs());
        send(channel(), new ControlDatagram(Type.RETRY, 0, said.nonce(), cookie), from);
    }

    private void refuse(ControlDatagram said, InetSocketAddress to, String why) {
        send(channel(), ControlDatagram.refusal(0, said.nonce(), why), to);
    }

    private void connect(ControlDatagram said, InetSocketAddress from) {
        if (!cookies.isValid(said.body(), from, said.nonce(), nowMs())) {
            retry(said, from); // perhaps it is only too old
            return;
        }
        Attempt attempt = new Attempt(from, said.nonce());
        KcpWire wire = attempts.get(attempt);
        if (wire == null) {
            Function<Wire, @Nullable Engine> acceptor = accepted;
            if (acceptor == null) {
                refuse(said, from, "nobody listens at " + endpoint());
                return;
            }
            Offer offer = Offer.of(said.body(), Cookies.BYTES);
            wire = accept(acceptor, freshConversation(), from, random.nextLong(), agreed(offer));
            if (wire == null) {
                refuse(said, from, "limit maxConnections is reached");
                return;
            }
            attempts.put(attempt, wire);
            attemptOf.put(wire, attempt);
        }
        KcpConfig protocol = network.settings().protocol();
        Offer own = new Offer(protocol.segments().mtuBytes(), protocol.windows().receiveSegments(), wire.secret());
        send(channel(), new ControlDatagram(Type.ACCEPT, wire.conversation(), said.nonce(), own.bytes()), from);
    }

    private KcpConfig agreed(Offer offer) {
        return KcpConnecting.agreed(network.settings().protocol(), offer);
    }

    private @Nullable KcpWire accept(
            Function<Wire, @Nullable Engine> acceptor,
            int conversation,
            InetSocketAddress from,
            long secret,
            KcpConfig config) {
        KcpWire wire = new KcpWire(
                loop, this, (InetSocketAddress) channel().localAddress(), from, conversation, secret, config);
        Engine engine = acceptor.apply(wire);
        if (engine == null) {
            return null;
        }
        wires.put(conversation, wire);
        wire.start(engine);
        return wire;
    }

    private int freshConversation() {
        int conversation = random.nextInt();
        while (conversation == 0 || wires.containsKey(conversation)) {
            conversation = random.nextInt();
        }
        return conversation;
    }

    private void close(ControlDatagram said, InetSocketAddress from) {
        KcpWire wire = wires.get(said.conversation());
        if (wire != null && (wire.secret() != said.nonce() || !wire.address().equals(from))) {
            return;
        }
        send(channel(), ControlDatagram.closed(said), from);
        if (wire != null) {
            wire.closedByPeer();
        }
    }

    @Override
    void otherVersion(int version, long nonce, int length, InetSocketAddress from) {
        if (length >= ControlDatagram.HELLO_BYTES) { // long enough to be answered
            String why = "version " + version + " is not known here, only " + ControlDatagram.VERSION;
            send(channel(), ControlDatagram.refusal(0, nonce, why), from);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{}: a datagram could not be sent or read", endpoint, cause);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            wires.values().forEach(KcpWire::writable);
        }
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    // ---- ends ----------------------------------------------------------------------------------------------------

    @Override
    public void ended(KcpWire wire) {
        wires.remove(wire.conversation(), wire);
        Attempt attempt = attemptOf.remove(wire);
        if (attempt != null) {
            attempts.remove(attempt);
        }
        leaveIfIdle();
    }

    private void leaveIfIdle() {
        if (accepted == null && wires.isEmpty() && channel().isOpen()) {
            channel().close().addListener(closed -> {
                network.unbound(this);
                gone.complete(null);
            });
        } else if (!channel().isOpen()) {
            gone.complete(null);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        for (KcpWire wire : List.copyOf(wires.values())) {
            wire.end();
        }
        gone.complete(null);
    }
}
