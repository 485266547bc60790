package io.fairlead.transport.tcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Network;
import io.fairlead.transport.core.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sockets and the loops that move them. */
final class TcpNetwork implements Network {
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final TcpConfig config;
    private final Timeouts timeouts;
    private final List<TcpEventLoop> loops = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    TcpNetwork(TcpConfig config, Timeouts timeouts) {
        this.config = config;
        this.timeouts = timeouts;
        int number = STARTED.incrementAndGet();
        for (int i = 0; i < config.loops(); i++) {
            loops.add(new TcpEventLoop(
                    "fairlead-tcp-" + number + "-" + i,
                    new Polling(
                            config.busyPoll().toNanos(), config.adaptivePoll().toNanos())));
        }
    }

    void start() {
        loops.forEach(TcpEventLoop::start);
    }

    @Override
    public List<TcpEventLoop> loops() {
        return loops;
    }

    TcpEventLoop nextLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    @Override
    public Listener listen(Endpoint local, Function<Wire, @Nullable Engine> accepted) {
        ServerSocketChannel channel = null;
        try {
            InetSocketAddress address = local.resolve();
            if (address.isUnresolved()) {
                throw new IOException("unknown host " + local.host());
            }
            channel = ServerSocketChannel.open();
            // A restarted server takes its address back although old connections linger in TIME_WAIT.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (config.receiveBufferBytes() > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, config.receiveBufferBytes());
            }
            channel.bind(address, config.backlog());
            channel.configureBlocking(false);
            TcpListener listener = new TcpListener(this, channel, accepted);
            listener.start(loops.getFirst());
            return listener;
        } catch (IOException | RuntimeException e) {
            TcpEventLoop.closeQuietly(channel);
            throw new TransportException(ErrorCode.BIND_FAILED, "cannot listen at " + local + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void connect(
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed) {
        TcpEventLoop loop = nextLoop();
        Runnable begin = () -> {
            TcpConnecting attempt = new TcpConnecting(this, loop, remote, wanted, connected, failed);
            try {
                InetSocketAddress address = remote.resolve();
                loop.execute(() -> attempt.begin(address, timeouts.connect()));
            } catch (RejectedExecutionException e) {
                attempt.fail("the transport is closed", e);
            }
        };
        if (isLiteral(remote.host())) {
            begin.run();
        } else {
            // A name service may block, and a loop must not.
            Thread.ofVirtual().name("fairlead-resolve").start(begin);
        }
    }

    private static boolean isLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    void configure(SocketChannel channel, InetSocketAddress remote) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, config.noDelay());
        int sendBufferBytes = remote.isUnresolved() ? 0 : config.sendBufferBytes(remote.getAddress());
        if (sendBufferBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBufferBytes);
        }
        if (config.receiveBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, config.receiveBufferBytes());
        }
    }

    @Override
    public CompletableFuture<?> stop() {
        return CompletableFuture.allOf(loops.stream().map(TcpEventLoop::stop).toArray(CompletableFuture<?>[]::new));
    }
}
