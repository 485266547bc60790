package io.fairlead.transport.core;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.TransportException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a software provider adds to the shared engine: loops, and byte streams between addresses. It makes a {@link Wire} for each
 * stream, gets an engine for it, and drives that as {@link Engine} says.
 */
public interface Network {
    List<? extends EventLoop> loops();

    /** Who makes regions and grants known to hardware. */
    default MemoryRegistrar registrar() {
        return MemoryRegistrar.NONE;
    }

    /**
     * Binds before it returns. Each accepted stream is given, on its loop, to {@code accepted}, whose engine, unless it is null, the
     * network starts. The listener keeps on through any failure of a peer.
     *
     * @throws TransportException {@link io.fairlead.transport.ErrorCode#BIND_FAILED}
     */
    Listener listen(Endpoint local, Function<Wire, @Nullable Engine> accepted);

    /**
     * Opens a stream, never blocking; gives it, on its loop, to {@code connected} and starts the engine. A failure to
     * open goes to {@code failed}. Cancelling {@code wanted} or completing it otherwise abandons the attempt.
     */
    void connect(
            Endpoint remote,
            CompletableFuture<?> wanted,
            Function<Wire, Engine> connected,
            Consumer<TransportException> failed);

    /** Stops the loops; all connections have ended. The future completes when the threads are gone. */
    CompletableFuture<?> stop();
}
