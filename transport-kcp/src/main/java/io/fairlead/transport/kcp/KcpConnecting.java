package io.fairlead.transport.kcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.kcp.ControlDatagram.Offer;
import io.fairlead.transport.kcp.ControlDatagram.Type;
import io.fairlead.transport.kcp.protocol.KcpConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's socket: first an attempt to get a conversation, repeated until it is answered or its time is over, then the one
 * conversation. For the loop, but {@link #shutdown}.
 */
final class KcpConnecting extends DatagramHandler {
    private static final Logger LOG = LoggerFactory.getLogger(KcpConnecting.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long FIRST_PAUSE_NS = Duration.ofMillis(50).toNanos();
    private static final long LONGEST_PAUSE_NS = Duration.ofMillis(800).toNanos();

    private final KcpNetwork network;
    private final KcpLoop loop;
    private final Endpoint remote;
    private final Function<Wire, Engine> connected;
    private final Consumer<TransportException> failed;
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private final long nonce = RANDOM.nextLong();
    private final Deadlines.Member repetition = new Deadlines.Member() {
        @Override
        void due(long nowNs) {
            ask();
        }
    };
    private @Nullable InetSocketAddress address;
    private @Nullable Channel channel;
    private @Nullable KcpWire wire;
    private byte[] cookie = new byte[0];
    private long pauseNs = FIRST_PAUSE_NS;
    private long untilNs;
    private boolean over;

    KcpConnecting(
            KcpNetwork network,
            KcpLoop loop,
            Endpoint remote,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed) {
        super(network, loop);
        this.network = network;
        this.loop = loop;
        this.remote = remote;
        this.connected = connected;
        this.failed = failed;
    }

    @Override
    public Channel channel() {
        return Objects.requireNonNull(channel);
    }

    /** What both sides can do: datagrams that the peer takes, and its window from the start. */
    static KcpConfig agreed(KcpConfig own, Offer peer) {
        int mtu = Math.clamp(peer.mtuBytes(), 470, own.segments().mtuBytes());
        return own.with(own.segments().withMtu(mtu))
                .with(own.windows().withPeerSegments(Math.max(1, peer.windowSegments())));
    }

    void begin(InetSocketAddress to, CompletableFuture<?> wanted) {
        if (to.isUnresolved()) {
            fail("unknown host " + remote.host(), null);
            return;
        }
        address = to;
        untilNs = loop.nowNs() + network.timeouts().connect().toNanos();
        network.sockets()
                .bootstrap(loop, new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        channel = opened;
                        network.layer().addTo(opened.pipeline());
                        opened.pipeline().addLast(KcpConnecting.this);
                    }
                })
                .connect(to)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        fail(String.valueOf(done.cause().getMessage()), done.cause());
                    } else if (network.settings().dialect() == Dialect.NATIVE) {
                        ask();
                    } else {
                        open(RANDOM.nextInt(), 0, network.settings().protocol());
                    }
                });
        wanted.whenComplete((value, failure) -> abandon());
    }

    private void abandon() {
        try {
            loop.execute(() -> fail("the attempt was abandoned", null));
        } catch (RejectedExecutionException e) {
            LOG.debug("the loop has stopped, and with it the attempt at {}", remote);
        }
    }

    // ---- the attempt ---------------------------------------------------------------------------------------------

    private void ask() {
        long now = loop.nowNs();
        if (over || wire != null) {
            return;
        }
        if (now >= untilNs) {
            fail("no answer within " + network.timeouts().connect(), null);
            return;
        }
        InetSocketAddress to = Objects.requireNonNull(address);
        if (cookie.length == 0) {
            send(channel(), new ControlDatagram(Type.HELLO, 0, nonce, new byte[0]), to);
        } else {
            KcpConfig own = network.settings().protocol();
            byte[] offer = new Offer(own.segments().mtuBytes(), own.windows().receiveSegments(), 0).bytes();
            byte[] body = Arrays.copyOf(cookie, cookie.length + offer.length);
            System.arraycopy(offer, 0, body, cookie.length, offer.length);
            send(channel(), new ControlDatagram(Type.CONNECT, 0, nonce, body), to);
        }
        loop.due(repetition, Math.min(untilNs, now + pauseNs));
        pauseNs = Math.min(LONGEST_PAUSE_NS, 2 * pauseNs);
    }

    @Override
    void control(ControlDatagram said, InetSocketAddress from) {
        KcpWire open = wire;
        if (open != null) {
            conversationControl(open, said);
        } else if (!over && said.nonce() == nonce) {
            switch (said.type()) {
                case RETRY -> {
                    cookie = said.body();
                    pauseNs = FIRST_PAUSE_NS;
                    ask();
                }
                case ACCEPT -> {
                    Offer offer = Offer.of(said.body(), 0);
                    open(
                            said.conversation(),
                            offer.secret(),
                            agreed(network.settings().protocol(), offer));
                }
                case REFUSE -> fail("refused: " + said.text(), null);
                default -> {
                    // For servers, or for conversations.
                }
            }
        }
    }

    private void conversationControl(KcpWire open, ControlDatagram said) {
        if (said.conversation() != open.conversation() || said.nonce() != open.secret()) {
            return;
        }
        if (said.type() == Type.CLOSE) {
            send(channel(), ControlDatagram.closed(said), open.address());
            open.closedByPeer();
        } else if (said.type() == Type.CLOSED) {
            open.end();
        }
    }

    @Override
    void otherVersion(int version, long answeredNonce, int length, InetSocketAddress from) {
        if (answeredNonce == nonce && wire == null) {
            fail("the peer speaks version " + version + ", this side " + ControlDatagram.VERSION, null);
        }
    }

    private void open(int conversation, long secret, KcpConfig config) {
        loop.due(repetition, Deadlines.NEVER);
        KcpWire opened = new KcpWire(
                loop,
                this,
                (InetSocketAddress) channel().localAddress(),
                Objects.requireNonNull(address),
                conversation,
                secret,
                config);
        wire = opened;
        opened.start(connected.apply(opened));
    }

    @Override
    void segments(int conversation, MemorySegment bytes, int length, InetSocketAddress from) {
        KcpWire open = wire;
        if (open != null && conversation == open.conversation()) {
            open.datagram(bytes, length);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        KcpWire open = wire;
        if (open != null && context.channel().isWritable()) {
            open.writable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (wire == null && cause instanceof PortUnreachableException) {
            fail("nobody listens there", cause);
        } else {
            // An established conversation judges by silence, not by what anybody could have sent.
            LOG.debug("{}: a datagram could not be sent or read", remote, cause);
        }
    }

    // ---- ends ----------------------------------------------------------------------------------------------------

    void fail(String why, @Nullable Throwable cause) {
        if (over || wire != null) {
            return;
        }
        over = true;
        if (loop.inLoop()) {
            loop.due(repetition, Deadlines.NEVER);
        }
        leave();
        failed.accept(
                new TransportException(ErrorCode.CONNECT_FAILED, "cannot connect to " + remote + ": " + why, cause));
    }

    @Override
    public void ended(KcpWire open) {
        leave();
    }

    private void leave() {
        Channel opened = channel;
        if (opened == null) {
            network.gone(this);
            gone.complete(null);
        } else {
            opened.close().addListener(closed -> {
                network.gone(this);
                gone.complete(null);
            });
        }
    }

    /** Fails an attempt; a conversation ends by itself. Any thread. */
    CompletableFuture<?> shutdown() {
        try {
            loop.execute(() -> fail("the transport is closed", null));
        } catch (RejectedExecutionException e) {
            gone.complete(null);
        }
        return gone;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        KcpWire open = wire;
        if (open != null) {
            open.end();
        } else {
            fail("the socket was closed", null);
        }
    }
}
