package io.fairlead.benchmarks.netty;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Workload;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Opens the connections; each lane is driven on the event loop of its connection. */
final class NettyClient implements Contestant.ClientSide {
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();

    NettyClient(Workload workload, int port, Supplier<LaneHandler> handlers) throws InterruptedException {
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handlers.get());
                    }
                });
        for (int i = 0; i < workload.connections(); i++) {
            channels.add(bootstrap
                    .connect(InetAddress.getLoopbackAddress(), port)
                    .sync()
                    .channel());
        }
    }

    @Override
    public void drive(List<Lane> lanes) {
        for (Lane lane : lanes) {
            Channel channel = channels.get(lane.connection());
            channel.eventLoop()
                    .execute(() -> channel.pipeline().get(LaneHandler.class).start(lane));
        }
        Lane.await(lanes);
    }

    @Override
    public void close() throws InterruptedException {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
}
