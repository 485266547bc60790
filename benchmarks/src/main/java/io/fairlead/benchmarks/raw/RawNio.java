package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Waiting;
import io.fairlead.benchmarks.Workload;
import java.io.IOException;
import java.util.Optional;

/** Socket channels with one thread per connection: blocking, or non-blocking and spun on. */
public final class RawNio implements Contestant {
    private final Waiting waiting;

    public RawNio(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return waiting == Waiting.SPIN ? "raw-nio-busy" : "raw-nio-blocking";
    }

    @Override
    public Waiting waiting() {
        return waiting;
    }

    @Override
    public Optional<String> refuses(Workload workload) {
        return waiting == Waiting.SPIN && workload.connections() > 1
                ? Optional.of("spins one thread per connection, which needs as many cores")
                : Optional.empty();
    }

    @Override
    public ServerSide serve(Workload workload, Regions regions) throws IOException {
        return new RawServer(waiting == Waiting.SPIN, () -> serving(workload, regions));
    }

    @Override
    public ClientSide connect(Workload workload, String address, Regions regions) throws IOException {
        return new RawClient(waiting == Waiting.SPIN, address, workload, () -> driving(workload, regions));
    }

    private static Serving serving(Workload workload, Regions regions) {
        return switch (workload.kind()) {
            case ECHO -> new EchoServing(workload.payloadBytes());
            case WRITE ->
                Frame.isSmall(workload.payloadBytes())
                        ? new SmallWriteServing(regions.target())
                        : new LargeWriteServing(regions.target());
            case READ -> new ReadServing(regions.source());
        };
    }

    private static Driving driving(Workload workload, Regions regions) {
        return switch (workload.kind()) {
            case ECHO -> new EchoDriving(workload.payloadBytes(), regions);
            case WRITE ->
                Frame.isSmall(workload.payloadBytes())
                        ? new SmallWriteDriving(workload, regions.source())
                        : new LargeWriteDriving(regions.source());
            case READ -> new ReadDriving(workload, regions.target());
        };
    }
}
