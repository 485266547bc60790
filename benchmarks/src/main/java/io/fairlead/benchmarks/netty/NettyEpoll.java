package io.fairlead.benchmarks.netty;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Waiting;
import io.fairlead.benchmarks.Workload;
import io.netty.channel.ChannelHandler;
import java.util.List;

/** Netty over epoll: one event loop per core, payloads copied from Netty's receive buffers into the target region. */
public final class NettyEpoll implements Contestant {
    @Override
    public String name() {
        return "netty-epoll";
    }

    @Override
    public Waiting waiting() {
        return Waiting.SLEEP;
    }

    @Override
    public List<String> jvmFlags() {
        return List.of("-Dio.netty.noUnsafe=false", "--add-opens=java.base/java.nio=ALL-UNNAMED");
    }

    @Override
    public ServerSide serve(Workload workload, Regions regions) throws InterruptedException {
        return new NettyServer(() -> serving(workload, regions));
    }

    @Override
    public ClientSide connect(Workload workload, String address, Regions regions) throws InterruptedException {
        return new NettyClient(workload, Integer.parseInt(address), () -> driving(workload, regions));
    }

    private static ChannelHandler serving(Workload workload, Regions regions) {
        return switch (workload.kind()) {
            case ECHO -> new EchoServing();
            case WRITE -> new WriteServing(regions.target());
            case READ -> new ReadServing(regions.source());
        };
    }

    private static LaneHandler driving(Workload workload, Regions regions) {
        return switch (workload.kind()) {
            case ECHO -> new EchoDriving(regions);
            case WRITE -> new WriteDriving(regions.source());
            case READ -> new ReadDriving(regions.target());
        };
    }
}
