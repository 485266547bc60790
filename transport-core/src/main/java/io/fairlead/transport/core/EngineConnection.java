package io.fairlead.transport.core;

import io.fairlead.transport.Batch;
import io.fairlead.transport.BufferPool.PooledBuffer;
import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.EffectiveTransport;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.PeerInfo;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the application holds of a connection. */
public final class EngineConnection implements Connection {
    private static final AtomicLong IDS = new AtomicLong();
    private static final int MAX_REFUSAL_BYTES = 1024;

    private final long id = IDS.incrementAndGet();
    private final SoftwareTransport transport;
    private final Engine engine;
    private final OperationTable table;
    private final WaitingRoom waiting;
    private final Submissions submissions;
    private final ReceivedMessage replyMessage = new ReceivedMessage();

    EngineConnection(SoftwareTransport transport, Engine engine, OperationTable table, WaitingRoom waiting) {
        this.transport = transport;
        this.engine = engine;
        this.table = table;
        this.waiting = waiting;
        this.submissions = new Submissions(transport, engine, table, waiting);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Endpoint local() {
        return engine.wire().local();
    }

    @Override
    public Endpoint remote() {
        return engine.wire().remote();
    }

    @Override
    public State state() {
        return engine.state();
    }

    @Override
    public PeerInfo peer() {
        return Objects.requireNonNull(engine.peer());
    }

    @Override
    public EffectiveTransport effective() {
        return transport.effective();
    }

    @Override
    public Transport transport() {
        return transport;
    }

    // ---- callback forms ----------------------------------------------------------------------------------------

    @Override
    public long tryWrite(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            long timeoutNs,
            Completion completion,
            long context) {
        return submissions.oneSided(
                OperationKind.WRITE,
                source,
                sourceOffset,
                target,
                targetOffset,
                length,
                0,
                timeoutNs,
                completion,
                context);
    }

    @Override
    public long tryWriteNotify(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            int tag,
            long timeoutNs,
            Completion completion,
            long context) {
        return submissions.oneSided(
                OperationKind.WRITE_NOTIFY,
                source,
                sourceOffset,
                target,
                targetOffset,
                length,
                tag,
                timeoutNs,
                completion,
                context);
    }

    @Override
    public long tryRead(
            MemoryRegion destination,
            long destinationOffset,
            RegionDescriptor source,
            long sourceOffset,
            long length,
            long timeoutNs,
            Completion completion,
            long context) {
        return submissions.oneSided(
                OperationKind.READ,
                destination,
                destinationOffset,
                source,
                sourceOffset,
                length,
                0,
                timeoutNs,
                completion,
                context);
    }

    @Override
    public long tryCompareAndSwap(
            RegionDescriptor target,
            long targetOffset,
            long expected,
            long replacement,
            long timeoutNs,
            Completion completion,
            long context) {
        return submissions.atomic(
                OperationKind.COMPARE_AND_SWAP,
                target,
                targetOffset,
                expected,
                replacement,
                timeoutNs,
                completion,
                context);
    }

    @Override
    public long tryFetchAndAdd(
            RegionDescriptor target,
            long targetOffset,
            long delta,
            long timeoutNs,
            Completion completion,
            long context) {
        return submissions.atomic(
                OperationKind.FETCH_AND_ADD, target, targetOffset, delta, 0, timeoutNs, completion, context);
    }

    @Override
    public long trySend(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, Completion completion, long context) {
        return submissions.message(
                OperationKind.SEND, source, sourceOffset, length, timeoutNs, completion, null, context, null, 0);
    }

    @Override
    public long tryRequest(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, ReplyHandler handler, long context) {
        return submissions.message(
                OperationKind.REQUEST, source, sourceOffset, length, timeoutNs, null, handler, context, null, 0);
    }

    @Override
    public long tryReply(
            long requestId,
            MemoryRegion source,
            long sourceOffset,
            long length,
            long timeoutNs,
            Completion completion,
            long context) {
        return submissions.message(
                OperationKind.REPLY,
                source,
                sourceOffset,
                length,
                timeoutNs,
                completion,
                null,
                context,
                null,
                requestId);
    }

    @Override
    public long tryDatagram(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, Completion completion, long context) {
        return submissions.message(
                OperationKind.DATAGRAM, source, sourceOffset, length, timeoutNs, completion, null, context, null, 0);
    }

    @Override
    public long tryFence(long timeoutNs, Completion completion, long context) {
        return submissions.fence(timeoutNs, completion, context);
    }

    @Override
    public boolean cancel(long operation) {
        OperationSlot slot = table.find(operation);
        if (slot == null) {
            return false;
        }
        engine.onLoop(() -> engine.cancel(operation));
        return true;
    }

    void wake() {
        engine.wire().wantOutput();
    }

    boolean leaveWaitingRoom(Waiter waiter) {
        return waiting.leave(waiter);
    }

    ReceivedMessage reply(MemorySegment bytes, long offset, long length) {
        return replyMessage.at(bytes, offset, length);
    }

    TransportException refusalOf(long refusal, OperationKind kind) {
        ErrorCode code = ErrorCode.ofRefusal(refusal);
        return new TransportException(
                code, engine.describe() + ": " + kind.tag() + " refused: " + Refusals.why(code, this));
    }

    <T extends @Nullable Object> T await(FutureOperation<T> operation) {
        checkMayBlock();
        return operation.join();
    }

    Bound lastBound() {
        return table.lastBound();
    }

    void checkMayBlock() {
        if (transport.onLoop()) {
            throw new IllegalStateException("an event loop must not block to await an operation");
        }
    }

    // ---- forms with futures ------------------------------------------------------------------------------------

    private <T extends @Nullable Object> FutureOperation<T> operation(
            OperationKind kind,
            Duration timeout,
            FutureOperation.Result<T> result,
            @Nullable PooledBuffer lease,
            ToLongFunction<FutureOperation<T>> attempt) {
        long deadlineNs = System.nanoTime() + positive(timeout);
        return new FutureOperation<>(this, kind, deadlineNs, result, lease, attempt).start(waiting);
    }

    private static long positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a time-out is positive, not " + timeout);
        }
        return timeout.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : timeout.toNanos();
    }

    @Override
    public Operation<@Nullable Void> write(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            Duration timeout) {
        return operation(
                OperationKind.WRITE,
                timeout,
                FutureOperation.NOTHING,
                null,
                op -> tryWrite(source, sourceOffset, target, targetOffset, length, op.leftNs(), op, 0));
    }

    @Override
    public Operation<@Nullable Void> writeNotify(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            int tag,
            Duration timeout) {
        return operation(
                OperationKind.WRITE_NOTIFY,
                timeout,
                FutureOperation.NOTHING,
                null,
                op -> tryWriteNotify(source, sourceOffset, target, targetOffset, length, tag, op.leftNs(), op, 0));
    }

    @Override
    public Operation<@Nullable Void> read(
            MemoryRegion destination,
            long destinationOffset,
            RegionDescriptor source,
            long sourceOffset,
            long length,
            Duration timeout) {
        return operation(
                OperationKind.READ,
                timeout,
                FutureOperation.NOTHING,
                null,
                op -> tryRead(destination, destinationOffset, source, sourceOffset, length, op.leftNs(), op, 0));
    }

    @Override
    public Operation<Long> compareAndSwap(
            RegionDescriptor target, long targetOffset, long expected, long replacement, Duration timeout) {
        return operation(
                OperationKind.COMPARE_AND_SWAP,
                timeout,
                FutureOperation.VALUE,
                null,
                op -> tryCompareAndSwap(target, targetOffset, expected, replacement, op.leftNs(), op, 0));
    }

    @Override
    public Operation<Long> fetchAndAdd(RegionDescriptor target, long targetOffset, long delta, Duration timeout) {
        return operation(
                OperationKind.FETCH_AND_ADD,
                timeout,
                FutureOperation.VALUE,
                null,
                op -> tryFetchAndAdd(target, targetOffset, delta, op.leftNs(), op, 0));
    }

    @Override
    public Operation<@Nullable Void> send(MemoryRegion source, long sourceOffset, long length, Duration timeout) {
        return operation(
                OperationKind.SEND,
                timeout,
                FutureOperation.NOTHING,
                null,
                op -> trySend(source, sourceOffset, length, op.leftNs(), op, 0));
    }

    @Override
    public Operation<@Nullable Void> send(MemorySegment message, Duration timeout) {
        return copied(OperationKind.SEND, message, timeout, FutureOperation.NOTHING, 0);
    }

    @Override
    public Operation<byte[]> request(MemorySegment message, Duration timeout) {
        return copied(OperationKind.REQUEST, message, timeout, FutureOperation.REPLY, 0);
    }

    @Override
    public Operation<@Nullable Void> reply(long requestId, MemorySegment message) {
        return copied(OperationKind.REPLY, message, defaultTimeout(), FutureOperation.NOTHING, requestId);
    }

    @Override
    public Operation<@Nullable Void> datagram(MemorySegment message, Duration timeout) {
        return copied(OperationKind.DATAGRAM, message, timeout, FutureOperation.NOTHING, 0);
    }

    /** A message from memory that is not registered: copied to a lease, which the operation gives back. */
    private <T extends @Nullable Object> Operation<T> copied(
            OperationKind kind,
            MemorySegment message,
            Duration timeout,
            FutureOperation.Result<T> result,
            long requestId) {
        PooledBuffer lease;
        try {
            PeerInfo peer = engine.peer();
            if (peer != null && message.byteSize() > peer.maxMessageBytes()) {
                throw new TransportException(
                        ErrorCode.TOO_LARGE,
                        engine.describe() + ": " + kind.tag() + " of " + message.byteSize()
                                + " bytes, the peer's limit maxMessageBytes is " + peer.maxMessageBytes());
            }
            lease = transport.buffers().lease(message.byteSize());
        } catch (TransportException e) {
            FutureOperation<T> failed = new FutureOperation<>(this, kind, 0, result, null, op -> 0);
            failed.fail(e);
            return failed;
        }
        MemorySegment.copy(message, 0, lease.segment(), 0, message.byteSize());
        try {
            return operation(
                    kind,
                    timeout,
                    result,
                    lease,
                    op -> submissions.message(
                            kind,
                            lease.region(),
                            lease.offset(),
                            lease.length(),
                            op.leftNs(),
                            op,
                            op,
                            0,
                            op.lease(),
                            requestId));
        } catch (IllegalStateException | IllegalArgumentException e) {
            lease.close();
            throw e;
        }
    }

    @Override
    public Operation<@Nullable Void> refuse(long requestId, String reason) {
        byte[] text = TextBytes.cut(reason, MAX_REFUSAL_BYTES);
        return operation(
                OperationKind.REPLY,
                defaultTimeout(),
                FutureOperation.NOTHING,
                null,
                op -> submissions.refusal(requestId, text, op.leftNs(), op));
    }

    @Override
    public Operation<@Nullable Void> fence(Duration timeout) {
        return operation(
                OperationKind.FENCE, timeout, FutureOperation.NOTHING, null, op -> tryFence(op.leftNs(), op, 0));
    }

    @Override
    public Batch batch() {
        return new OperationBatch(this);
    }

    /** Hands several operations over without another thread's in between, and with one wake-up of the loop. */
    void together(Runnable submissions) {
        synchronized (table) {
            submissions.run();
        }
    }

    // ---- the end -----------------------------------------------------------------------------------------------

    @Override
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        return engine.close(drain);
    }

    @Override
    public CompletableFuture<TransportException> closed() {
        return engine.closed();
    }

    @Override
    public String toString() {
        return "connection " + id + " (" + engine.describe() + ", " + state() + ")";
    }
}
