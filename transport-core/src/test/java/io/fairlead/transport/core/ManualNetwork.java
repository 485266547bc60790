package io.fairlead.transport.core;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.TransportException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A network of one thread, the test's own: nothing happens but what the test does, and time stands still. */
final class ManualNetwork implements Network, EventLoop {
    private final StagingPool stagingPool = new StagingPool();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Function<Wire, @Nullable Engine> accepted;
    private @Nullable ManualWire connected;
    long nowNs = 1;

    /** What wires made from now on say of it. */
    boolean settles;

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public StagingPool stagingPool() {
        return stagingPool;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public List<ManualNetwork> loops() {
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
                accepted = null;
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {
                stop();
            }
        };
    }

    /** A stream that a client opens; its bytes are the test's to give and take. */
    ManualWire accept() {
        ManualWire wire = new ManualWire(this);
        wire.start(Objects.requireNonNull(Objects.requireNonNull(accepted).apply(wire)));
        return wire;
    }

    @Override
    public void connect(
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> whenConnected,
            Consumer<TransportException> failed) {
        ManualWire wire = new ManualWire(this);
        wire.start(whenConnected.apply(wire));
        connected = wire;
    }

    /** The stream that the last connect opened. */
    ManualWire connected() {
        return Objects.requireNonNull(connected);
    }

    @Override
    public CompletableFuture<?> stop() {
        return CompletableFuture.completedFuture(null);
    }
}
