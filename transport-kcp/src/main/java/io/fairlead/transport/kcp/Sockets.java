package io.fairlead.transport.kcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.SegmentedDatagramPacket;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;

/** Makes datagram channels: epoll where it loads, {@code java.nio} elsewhere. */
final class Sockets {
    /** Larger datagrams are nobody's that we know. */
    private static final int DATAGRAM_BYTES = 2048;

    private static final int DATAGRAMS_PER_READ = 16;

    /** What the kernel makes of a train of datagrams that came in together (UDP GRO), at most. */
    private static final int TRAIN_BYTES = 65_536;

    private static final int TRAINS_PER_READ = 8;

    /** What may wait in this process while the kernel takes no more. */
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private final KcpSettings settings;
    private final boolean epoll;

    Sockets(KcpSettings settings) {
        this.settings = settings;
        epoll = settings.epoll() && Epoll.isAvailable();
    }

    IoHandlerFactory ioHandlers() {
        return epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /** Whether one call can send a train of datagrams. */
    boolean segmented() {
        return epoll && settings.batches() && SegmentedDatagramPacket.isSupported();
    }

    Bootstrap bootstrap(KcpLoop loop, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.netty())
                .handler(handler)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                .option(ChannelOption.SO_SNDBUF, settings.socketBufferBytes())
                .option(ChannelOption.SO_RCVBUF, settings.socketBufferBytes());
        if (epoll) {
            bootstrap.channel(EpollDatagramChannel.class);
            if (segmented()) {
                return bootstrap
                        .option(EpollChannelOption.UDP_GRO, true)
                        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, TRAIN_BYTES)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(TRAIN_BYTES * TRAINS_PER_READ));
            }
            if (settings.batches()) {
                return bootstrap
                        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(DATAGRAM_BYTES * DATAGRAMS_PER_READ));
            }
        } else {
            bootstrap.channel(NioDatagramChannel.class);
        }
        return bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES));
    }
}
