package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A bound address of a node. */
final class MemoryListener implements Listener, StreamAcceptor {
    private final MemoryNode node;
    private final Function<Wire, @Nullable Engine> accepted;
    private final Endpoint endpoint;

    MemoryListener(MemoryNode node, Endpoint wanted, Function<Wire, @Nullable Engine> accepted) {
        this.node = node;
        this.accepted = accepted;
        this.endpoint = node.network().bind(wanted, this);
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public CompletableFuture<@Nullable Void> stop() {
        node.network().unbind(endpoint, this);
        node.forget(this);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        var _ = stop();
    }

    @Override
    public void accept(MemoryLink link, Endpoint from) {
        node.loop().execute(() -> {
            MemoryWire wire = node.wire(link, true, endpoint, from);
            Engine engine = accepted.apply(wire);
            if (engine == null) {
                wire.close(false);
            } else {
                wire.start(engine);
            }
        });
    }
}
