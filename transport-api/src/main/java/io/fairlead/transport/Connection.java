package io.fairlead.transport;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Joins two processes, once: OPEN, DRAINING, CLOSED. Thread-safe; nothing here blocks but {@link Operation#await()}.
 *
 * <p>Each operation comes in two forms. The {@code try…} form is the primitive: it answers at once with an operation's
 * number (0 or more), or with a refusal (negative, see {@link ErrorCode#ofRefusal}) and then calls nothing back; it
 * allocates nothing. The other form yields an {@link Operation}, waits for room until its deadline, and has a bound of
 * its own on how many wait ({@link Limits#maxWaitingOperations()}).
 *
 * <p>Order, by submission on this connection: write then write, write then message, message then message, write then
 * read. Read then write and read then message are not ordered: wait for the read, or {@link #tryFence}.
 *
 * <p>Local buffers belong to the operation from the call until {@link Completion#released}. Time-outs are in
 * nanoseconds from the call and must be positive.
 */
public interface Connection {
    /** Where a connection is in its life. */
    enum State {
        OPEN,
        DRAINING,
        CLOSED
    }

    /** Distinct within the transport. */
    long id();

    Endpoint local();

    Endpoint remote();

    State state();

    PeerInfo peer();

    EffectiveTransport effective();

    /** The transport it belongs to. */
    Transport transport();

    // ---- callback forms ----------------------------------------------------------------------------------------

    /** Copies to the peer's memory. Completes when the bytes stand there and the source may be reused. */
    long tryWrite(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            long timeoutNs,
            Completion completion,
            long context);

    /** As {@link #tryWrite}; then the peer's handler is given {@code tag}, after the bytes are visible. Costs one credit. */
    long tryWriteNotify(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            int tag,
            long timeoutNs,
            Completion completion,
            long context);

    /** Copies from the peer's memory. Completes when the local bytes are final. */
    long tryRead(
            MemoryRegion destination,
            long destinationOffset,
            RegionDescriptor source,
            long sourceOffset,
            long length,
            long timeoutNs,
            Completion completion,
            long context);

    /** Sets an aligned 64-bit word (native byte order) to {@code replacement} if it is {@code expected}; yields the old value. */
    long tryCompareAndSwap(
            RegionDescriptor target,
            long targetOffset,
            long expected,
            long replacement,
            long timeoutNs,
            Completion completion,
            long context);

    /** Adds to an aligned 64-bit word (native byte order); yields the old value. */
    long tryFetchAndAdd(
            RegionDescriptor target,
            long targetOffset,
            long delta,
            long timeoutNs,
            Completion completion,
            long context);

    /** Sends one message: whole, in order, once. Completes when the peer's provider has taken it. */
    long trySend(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, Completion completion, long context);

    /** Sends one message and waits for its reply. */
    long tryRequest(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, ReplyHandler handler, long context);

    /** Answers a request; completes as {@link #trySend}. A second answer is refused by {@link IllegalStateException}. */
    long tryReply(
            long requestId,
            MemoryRegion source,
            long sourceOffset,
            long length,
            long timeoutNs,
            Completion completion,
            long context);

    /** Sends one unreliable message: at most once, no order. Completes when it is handed to the network. */
    long tryDatagram(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, Completion completion, long context);

    /** Holds all later operations back until all earlier ones have ended; completes then. */
    long tryFence(long timeoutNs, Completion completion, long context);

    /** Best effort: true if the operation will end as cancelled, false if it has ended, or is unknown. */
    boolean cancel(long operation);

    // ---- forms with futures ------------------------------------------------------------------------------------

    Operation<@Nullable Void> write(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            Duration timeout);

    Operation<@Nullable Void> writeNotify(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            int tag,
            Duration timeout);

    Operation<@Nullable Void> read(
            MemoryRegion destination,
            long destinationOffset,
            RegionDescriptor source,
            long sourceOffset,
            long length,
            Duration timeout);

    Operation<Long> compareAndSwap(
            RegionDescriptor target, long targetOffset, long expected, long replacement, Duration timeout);

    Operation<Long> fetchAndAdd(RegionDescriptor target, long targetOffset, long delta, Duration timeout);

    Operation<@Nullable Void> send(MemoryRegion source, long sourceOffset, long length, Duration timeout);

    /** Copies {@code message}, of any memory, through the transport's pool, and sends that. */
    Operation<@Nullable Void> send(MemorySegment message, Duration timeout);

    /** Copies {@code message} through the pool, and yields a copy of the reply. */
    Operation<byte[]> request(MemorySegment message, Duration timeout);

    /** Copies {@code message} through the pool, and answers with it. A second answer is refused by {@link IllegalStateException}. */
    Operation<@Nullable Void> reply(long requestId, MemorySegment message);

    /** Answers with a failure: the requester gets {@link ErrorCode#REQUEST_FAILED} with {@code reason}, cut at 1 KiB. */
    Operation<@Nullable Void> refuse(long requestId, String reason);

    /** Copies {@code message} through the pool. */
    Operation<@Nullable Void> datagram(MemorySegment message, Duration timeout);

    Operation<@Nullable Void> fence(Duration timeout);

    Batch batch();

    // ---- defaults ----------------------------------------------------------------------------------------------

    /** With the configured time-out. */
    default Operation<@Nullable Void> write(
            MemoryRegion source, long sourceOffset, RegionDescriptor target, long targetOffset, long length) {
        return write(source, sourceOffset, target, targetOffset, length, defaultTimeout());
    }

    /** With the configured time-out. */
    default Operation<@Nullable Void> read(
            MemoryRegion destination, long destinationOffset, RegionDescriptor source, long sourceOffset, long length) {
        return read(destination, destinationOffset, source, sourceOffset, length, defaultTimeout());
    }

    /** With the configured time-out. */
    default Operation<@Nullable Void> send(MemorySegment message) {
        return send(message, defaultTimeout());
    }

    /** With the configured time-out. */
    default Operation<byte[]> request(MemorySegment message) {
        return request(message, defaultTimeout());
    }

    /** The configured time-out of operations. */
    default Duration defaultTimeout() {
        return transport().config().timeouts().operation();
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    /**
     * Refuses new operations, waits up to {@code drain} for those in flight on both sides, then forces. Idempotent,
     * from any thread and any callback; always completes.
     */
    CompletableFuture<CloseOutcome> close(Duration drain);

    /** Completes with the cause when the connection is CLOSED and nothing of it is left. */
    CompletableFuture<TransportException> closed();
}
