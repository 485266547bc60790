package io.fairlead.transport;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A running provider. It owns its event loops and the registrations made with it. Thread-safe; no method but {@link
 * #close()} blocks.
 */
public interface Transport extends AutoCloseable {
    EffectiveTransport effective();

    /** Random, new at every start; descriptors carry it, and peers refuse those of an earlier one. */
    long incarnation();

    /** The configuration it runs with. */
    TransportConfig config();

    /**
     * Registers memory that the caller owns. The memory must outlive the region's {@link MemoryRegion#release()}. Any
     * native segment will do that all threads may access; heap segments and confined arenas are refused.
     *
     * @throws IllegalArgumentException if the segment is of the heap, confined, read-only or empty
     * @throws TransportException {@link ErrorCode#RESOURCE_EXHAUSTED} if the bound on regions is reached
     */
    MemoryRegion register(MemorySegment memory);

    /** Allocates zeroed memory, aligned to a page, and registers it; closing the region frees it. */
    MemoryRegion allocate(long bytes);

    /** Registered buffers by the piece. */
    BufferPool buffers();

    /**
     * Accepts connections at an address; port 0 takes a free one. Binds before it returns.
     *
     * @throws TransportException {@link ErrorCode#BIND_FAILED} naming the endpoint
     */
    Listener listen(Endpoint local, ConnectionAcceptor acceptor);

    /**
     * Connects, and does the handshake. Never blocks. The future fails with {@link ErrorCode#CONNECT_FAILED} or {@link
     * ErrorCode#HANDSHAKE_REFUSED} within the configured connect time; cancelling it abandons the attempt.
     */
    CompletableFuture<Connection> connect(Endpoint remote, ConnectionHandler handler);

    /**
     * Refuses new work, drains all connections, then forces; stops the loops; releases the pool. Regions that the
     * caller left open are released too, and the log names them. Idempotent, from any thread; always completes, at the
     * latest a little after {@code drain}.
     */
    CompletableFuture<CloseOutcome> close(Duration drain);

    /** Closes with the configured drain time and blocks until that is done; not for a loop's thread. */
    @Override
    void close();
}
