package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Opens the connections and drives each from a thread of its own. */
final class RawClient implements Contestant.ClientSide {
    private final Supplier<Driving> drivings;
    private final List<Wire> wires = new ArrayList<>();

    RawClient(boolean spinning, String port, Workload workload, Supplier<Driving> drivings) throws IOException {
        this.drivings = drivings;
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
        for (int i = 0; i < workload.connections(); i++) {
            wires.add(new Wire(SocketChannel.open(server), spinning));
        }
    }

    @Override
    public void drive(List<Lane> lanes) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                lanes.size(), Thread.ofPlatform().daemon().name("raw-drive-", 0).factory())) {
            List<Future<?>> driven = new ArrayList<>();
            for (Lane lane : lanes) {
                driven.add(threads.submit(() -> {
                    drivings.get().drive(lane, wires.get(lane.connection()));
                    return null;
                }));
            }
            for (Future<?> one : driven) {
                one.get();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
    }
}
