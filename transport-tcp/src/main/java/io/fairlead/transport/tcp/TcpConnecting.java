package io.fairlead.transport.tcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An attempt to connect, until the socket is connected or the attempt fails, is abandoned, or is too slow. */
final class TcpConnecting implements Ready {
    private final TcpNetwork network;
    private final TcpEventLoop loop;
    private final Endpoint remote;
    private final CompletableFuture<?> wanted;
    private final Function<Wire, Engine> connected;
    private final Consumer<TransportException> failed;
    private @Nullable SocketChannel channel;
    private long untilNs = Long.MAX_VALUE;
    private String limit = "";
    private boolean over;

    TcpConnecting(
            TcpNetwork network,
            TcpEventLoop loop,
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed) {
        this.network = network;
        this.loop = loop;
        this.remote = remote;
        this.wanted = wanted;
        this.connected = connected;
        this.failed = failed;
    }

    void begin(InetSocketAddress address, Duration timeout) {
        try {
            if (address.isUnresolved()) {
                throw new IOException("unknown host " + remote.host());
            }
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            network.configure(opened, address);
            if (opened.connect(address)) {
                finish(opened, null);
                return;
            }
            untilNs = loop.nowNs() + timeout.toNanos();
            limit = timeout.toString();
            loop.register(opened, SelectionKey.OP_CONNECT, this);
            loop.due(untilNs);
            wanted.whenComplete((value, failure) -> abandon());
        } catch (IOException | RuntimeException e) {
            fail(String.valueOf(e.getMessage()), e);
        }
    }

    private void abandon() {
        try {
            loop.execute(() -> fail("the attempt was abandoned", null));
        } catch (RejectedExecutionException e) {
            // The loop has stopped, and closed the channel.
            over = true;
        }
    }

    @Override
    public void ready(SelectionKey key) {
        SocketChannel opened = channel;
        try {
            if (!over && opened != null && opened.finishConnect()) {
                finish(opened, key);
            }
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()), e);
        }
    }

    private void finish(SocketChannel opened, @Nullable SelectionKey key) throws IOException {
        TcpWire wire = new TcpWire(loop, opened);
        over = true;
        loop.forget(this);
        if (key != null) {
            loop.adopt(key, wire);
        }
        wire.start(connected.apply(wire), key);
    }

    @Override
    public long dueNs() {
        return untilNs;
    }

    @Override
    public void tick(long nowNs) {
        fail("no answer within " + limit, null);
    }

    @Override
    public void stopped() {
        fail("the transport is closed", null);
    }

    void fail(String why, @Nullable Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        untilNs = Long.MAX_VALUE;
        if (loop.inLoop()) {
            loop.forget(this);
        }
        TcpEventLoop.closeQuietly(channel);
        failed.accept(
                new TransportException(ErrorCode.CONNECT_FAILED, "cannot connect to " + remote + ": " + why, cause));
    }
}
