package io.fairlead.benchmarks.network.peers;

import io.fairlead.benchmarks.network.Peer;
import io.jpower.kcp.netty.UkcpChannel;
import io.jpower.kcp.netty.UkcpChannelOption;
import io.jpower.kcp.netty.UkcpClientChannel;
import io.jpower.kcp.netty.UkcpServerChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.UkcpServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** kcp-netty 1.5.2. */
@SuppressWarnings("deprecation") // it knows no other event loop
public final class KcpNetty implements Peer {
    private static final int MTU_BYTES = 1400;
    private static final int CONVERSATION = 0x4b4e5459;

    /** Bytes that wait for their event loop, before the sender waits. */
    private static final int MOST_WAITING_BYTES = 4 << 20;

    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final long ROOM_POLL_NS = 50_000;

    @Override
    public String name() {
        return "kcp-netty";
    }

    @Override
    public String setUp() {
        return "kcp-netty 1.5.2, nodelay (1,10,2,1), window 1024 unless told"
                + ", MTU 1400, message mode, fastFlush as by default; NIO, as it is built; Netty 4.1";
    }

    @Override
    public boolean needsNetty41() {
        return true;
    }

    @Override
    public void listen(InetSocketAddress local, Inlet inlet) throws InterruptedException {
        new UkcpServerBootstrap()
                .group(new NioEventLoopGroup(1))
                .channel(UkcpServerChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .childOption(UkcpChannelOption.UKCP_NODELAY, true)
                .childOption(UkcpChannelOption.UKCP_INTERVAL, 10)
                .childOption(UkcpChannelOption.UKCP_FAST_RESEND, 2)
                .childOption(UkcpChannelOption.UKCP_NOCWND, true)
                .childOption(UkcpChannelOption.UKCP_SND_WND, Peer.windowSegments())
                .childOption(UkcpChannelOption.UKCP_RCV_WND, Peer.windowSegments())
                .childOption(UkcpChannelOption.UKCP_MTU, MTU_BYTES)
                .childOption(UkcpChannelOption.UKCP_AUTO_SET_CONV, true)
                .childHandler(new ChannelInitializer<UkcpChannel>() {
                    @Override
                    protected void initChannel(UkcpChannel channel) {
                        channel.pipeline().addLast(new Handler(inlet));
                    }
                })
                .bind(local)
                .sync();
    }

    @Override
    public Outlet connect(InetSocketAddress server, Inlet inlet) throws InterruptedException {
        UkcpClientChannel channel = (UkcpClientChannel) new Bootstrap()
                .group(new NioEventLoopGroup(1))
                .channel(UkcpClientChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(UkcpChannelOption.UKCP_NODELAY, true)
                .option(UkcpChannelOption.UKCP_INTERVAL, 10)
                .option(UkcpChannelOption.UKCP_FAST_RESEND, 2)
                .option(UkcpChannelOption.UKCP_NOCWND, true)
                .option(UkcpChannelOption.UKCP_SND_WND, Peer.windowSegments())
                .option(UkcpChannelOption.UKCP_RCV_WND, Peer.windowSegments())
                .option(UkcpChannelOption.UKCP_MTU, MTU_BYTES)
                .handler(new ChannelInitializer<UkcpChannel>() {
                    @Override
                    protected void initChannel(UkcpChannel created) {
                        created.pipeline().addLast(new Handler(inlet));
                    }
                })
                .connect(server)
                .sync()
                .channel();
        channel.conv(CONVERSATION);
        return new Sending(channel);
    }

    /** Its channels report no writability that follows the window, so what waits for the event loop is counted here. */
    private static final class Sending implements Outlet {
        private final Channel channel;
        private final AtomicInteger waitingBytes = new AtomicInteger();

        Sending(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void send(ByteBuffer bytes) throws ClosedChannelException {
            int length = bytes.remaining();
            while (waitingBytes.get() >= MOST_WAITING_BYTES) {
                if (!channel.isOpen()) {
                    throw new ClosedChannelException();
                }
                LockSupport.parkNanos(ROOM_POLL_NS);
            }
            ByteBuf copy = channel.alloc().directBuffer(length).writeBytes(bytes.duplicate());
            waitingBytes.addAndGet(length);
            channel.writeAndFlush(copy).addListener(done -> waitingBytes.addAndGet(-length));
        }
    }

    private static final class Handler extends ChannelInboundHandlerAdapter {
        private final Inlet inlet;

        Handler(Inlet inlet) {
            this.inlet = inlet;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            ByteBuf bytes = (ByteBuf) message;
            try {
                inlet.received(
                        bytes.nioBuffer(),
                        back -> context.writeAndFlush(
                                context.alloc().directBuffer(back.remaining()).writeBytes(back.duplicate())));
            } finally {
                bytes.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            failure.printStackTrace();
        }
    }
}
