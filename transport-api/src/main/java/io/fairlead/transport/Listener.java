package io.fairlead.transport;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A bound address. Closing it stops accepting; connections already accepted live on. */
public interface Listener extends AutoCloseable {
    /** The bound address, with the port that was chosen if 0 was asked for. */
    Endpoint endpoint();

    /** Stops accepting and frees the address. Never blocks; idempotent. */
    CompletableFuture<@Nullable Void> stop();

    /** Blocks until {@link #stop()} is done; not for a loop's thread. */
    @Override
    void close();
}
