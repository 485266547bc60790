package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Listener;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.Network;
import io.fairlead.transport.core.Wire;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One transport's place in the network: a loop, its listeners and its streams. It can be stalled and killed from outside. */
final class MemoryNode implements Network {
    private final InMemoryNetwork network;
    private final MemoryLoop loop = new MemoryLoop();
    private final Set<MemoryLink> links = ConcurrentHashMap.newKeySet();
    private final Set<MemoryListener> listeners = ConcurrentHashMap.newKeySet();

    MemoryNode(InMemoryNetwork network) {
        this.network = network;
    }

    void start() {
        loop.start();
    }

    InMemoryNetwork network() {
        return network;
    }

    MemoryLoop loop() {
        return loop;
    }

    MemoryWire wire(MemoryLink link, boolean server, Endpoint local, Endpoint remote) {
        links.removeIf(MemoryLink::isOver);
        links.add(link);
        return new MemoryWire(loop, link, server, local, remote);
    }

    @Override
    public List<? extends EventLoop> loops() {
        return List.of(loop);
    }

    @Override
    public Listener listen(Endpoint local, Function<Wire, @Nullable Engine> accepted) {
        MemoryListener listener = new MemoryListener(this, local, accepted);
        listeners.add(listener);
        return listener;
    }

    void forget(MemoryListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void connect(
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed) {
        loop.execute(() -> {
            StreamAcceptor listener = network.listenerAt(remote);
            if (listener == null || wanted.isDone()) {
                failed.accept(new TransportException(ErrorCode.CONNECT_FAILED, "nobody listens at " + remote));
                return;
            }
            MemoryLink link = network.link();
            Endpoint local = network.clientAddress();
            try {
                listener.accept(link, local);
            } catch (RejectedExecutionException e) {
                failed.accept(new TransportException(ErrorCode.CONNECT_FAILED, remote + " has just stopped", e));
                return;
            }
            MemoryWire wire = wire(link, false, local, remote);
            Engine engine = connected.apply(wire);
            wire.start(engine);
            var _ = wanted.whenComplete((connection, abandoned) -> {
                if (abandoned != null) {
                    abandon(engine, abandoned);
                }
            });
        });
    }

    private void abandon(Engine engine, Throwable why) {
        try {
            loop.execute(
                    () -> engine.abort(new TransportException(ErrorCode.CLOSED, "the attempt was abandoned", why)));
        } catch (RejectedExecutionException e) {
            // The transport has closed, and everything with it.
        }
    }

    @Override
    public CompletableFuture<?> stop() {
        return loop.stop();
    }

    /** Stands still: takes nothing, sends nothing, ends nothing. */
    void pause() {
        loop.pause();
    }

    void resume() {
        loop.resume();
    }

    /** Vanishes without a word. */
    void kill() {
        listeners.forEach(MemoryListener::close);
        links.forEach(link -> link.cut("the other side was killed"));
        loop.resume();
    }
}
