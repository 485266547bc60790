package io.fairlead.benchmarks.engine;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.Network;
import io.fairlead.transport.core.StagingPool;
import io.fairlead.transport.core.Wire;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A network whose loop is the caller. */
final class OneThreadNetwork implements Network, EventLoop {
    private final StagingPool stagingPool = new StagingPool();
    private @Nullable Function<Wire, @Nullable Engine> accepted;
    private @Nullable OneThreadWire connected;

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public StagingPool stagingPool() {
        return stagingPool;
    }

    @Override
    public long nowNs() {
        return 1;
    }

    @Override
    public List<OneThreadNetwork> loops() {
        return List.of(this);
    }

    @Override
    public Listener listen(Endpoint local, Function<Wire, @Nullable Engine> whenAccepted) {
        accepted = whenAccepted;
        return new Listener() {
            @Override
            public Endpoint endpoint() {
                return local;
            }

            @Override
            public CompletableFuture<@Nullable Void> stop() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
    }

    OneThreadWire accept() {
        OneThreadWire wire = new OneThreadWire(this);
        wire.start(Objects.requireNonNull(Objects.requireNonNull(accepted).apply(wire)));
        return wire;
    }

    @Override
    public void connect(
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> whenConnected,
            Consumer<TransportException> failed) {
        connected = new OneThreadWire(this);
        connected.start(whenConnected.apply(connected));
    }

    OneThreadWire connected() {
        return Objects.requireNonNull(connected);
    }

    @Override
    public CompletableFuture<?> stop() {
        return CompletableFuture.completedFuture(null);
    }
}
