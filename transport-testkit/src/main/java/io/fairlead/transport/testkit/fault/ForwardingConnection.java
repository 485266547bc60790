package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.Batch;
import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.EffectiveTransport;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.PeerInfo;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.CompletionLog.RequestSubmission;
import io.fairlead.transport.testkit.CompletionLog.Submission;
import io.fairlead.transport.testkit.fault.Call.Kind;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that passes everything on. All operations run through the five protected methods, so that a decorator
 * overrides one of those rather than thirty.
 */
public class ForwardingConnection implements Connection {
    private final Transport transport;
    private final Connection inner;

    protected ForwardingConnection(Transport transport, Connection inner) {
        this.transport = transport;
        this.inner = inner;
    }

    protected final Connection inner() {
        return inner;
    }

    /** Every callback form but the request's. */
    protected long submit(Call call, Completion completion, long context, Submission form) {
        return form.submit(completion, context);
    }

    /** The request's callback form. */
    protected long submitRequest(Call call, ReplyHandler handler, long context, RequestSubmission form) {
        return form.submit(handler, context);
    }

    /** Every form with a future. */
    protected <T extends @Nullable Object> Operation<T> start(Call call, Supplier<Operation<T>> form) {
        return form.get();
    }

    /** Every time-out of a callback form. */
    protected long timeoutNs(long asked) {
        return asked;
    }

    /** Every time-out of a form with a future. */
    protected Duration timeout(Duration asked) {
        return asked;
    }

    private static MemoryRegion own(MemoryRegion region) {
        return ForwardingRegion.unwrap(region);
    }

    @Override
    public long id() {
        return inner.id();
    }

    @Override
    public Endpoint local() {
        return inner.local();
    }

    @Override
    public Endpoint remote() {
        return inner.remote();
    }

    @Override
    public State state() {
        return inner.state();
    }

    @Override
    public PeerInfo peer() {
        return inner.peer();
    }

    @Override
    public EffectiveTransport effective() {
        return inner.effective();
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public boolean cancel(long operation) {
        return inner.cancel(operation);
    }

    @Override
    public Batch batch() {
        return new ForwardingBatch(inner.batch());
    }

    @Override
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        return inner.close(drain);
    }

    @Override
    public CompletableFuture<TransportException> closed() {
        return inner.closed();
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
        return submit(
                new Call(Kind.WRITE, source, sourceOffset, length),
                completion,
                context,
                (done, told) -> inner.tryWrite(
                        own(source), sourceOffset, target, targetOffset, length, timeoutNs(timeoutNs), done, told));
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
        return submit(
                new Call(Kind.WRITE, source, sourceOffset, length),
                completion,
                context,
                (done, told) -> inner.tryWriteNotify(
                        own(source),
                        sourceOffset,
                        target,
                        targetOffset,
                        length,
                        tag,
                        timeoutNs(timeoutNs),
                        done,
                        told));
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
        return submit(
                new Call(Kind.READ, destination, destinationOffset, length),
                completion,
                context,
                (done, told) -> inner.tryRead(
                        own(destination),
                        destinationOffset,
                        source,
                        sourceOffset,
                        length,
                        timeoutNs(timeoutNs),
                        done,
                        told));
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
        return submit(
                Call.of(Kind.ATOMIC),
                completion,
                context,
                (done, told) -> inner.tryCompareAndSwap(
                        target, targetOffset, expected, replacement, timeoutNs(timeoutNs), done, told));
    }

    @Override
    public long tryFetchAndAdd(
            RegionDescriptor target,
            long targetOffset,
            long delta,
            long timeoutNs,
            Completion completion,
            long context) {
        return submit(
                Call.of(Kind.ATOMIC),
                completion,
                context,
                (done, told) -> inner.tryFetchAndAdd(target, targetOffset, delta, timeoutNs(timeoutNs), done, told));
    }

    @Override
    public long trySend(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, Completion completion, long context) {
        return submit(
                new Call(Kind.SEND, source, sourceOffset, length),
                completion,
                context,
                (done, told) -> inner.trySend(own(source), sourceOffset, length, timeoutNs(timeoutNs), done, told));
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
        return submit(
                new Call(Kind.REPLY, source, sourceOffset, length),
                completion,
                context,
                (done, told) ->
                        inner.tryReply(requestId, own(source), sourceOffset, length, timeoutNs(timeoutNs), done, told));
    }

    @Override
    public long tryDatagram(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, Completion completion, long context) {
        return submit(
                new Call(Kind.DATAGRAM, source, sourceOffset, length),
                completion,
                context,
                (done, told) -> inner.tryDatagram(own(source), sourceOffset, length, timeoutNs(timeoutNs), done, told));
    }

    @Override
    public long tryRequest(
            MemoryRegion source, long sourceOffset, long length, long timeoutNs, ReplyHandler handler, long context) {
        return submitRequest(
                new Call(Kind.REQUEST, source, sourceOffset, length),
                handler,
                context,
                (told, given) ->
                        inner.tryRequest(own(source), sourceOffset, length, timeoutNs(timeoutNs), told, given));
    }

    @Override
    public long tryFence(long timeoutNs, Completion completion, long context) {
        return submit(
                Call.of(Kind.FENCE),
                completion,
                context,
                (done, told) -> inner.tryFence(timeoutNs(timeoutNs), done, told));
    }

    // ---- forms with futures ------------------------------------------------------------------------------------

    @Override
    public Operation<@Nullable Void> write(
            MemoryRegion source,
            long sourceOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            Duration timeout) {
        return start(
                new Call(Kind.WRITE, source, sourceOffset, length),
                () -> inner.write(own(source), sourceOffset, target, targetOffset, length, timeout(timeout)));
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
        return start(
                new Call(Kind.WRITE, source, sourceOffset, length),
                () -> inner.writeNotify(
                        own(source), sourceOffset, target, targetOffset, length, tag, timeout(timeout)));
    }

    @Override
    public Operation<@Nullable Void> read(
            MemoryRegion destination,
            long destinationOffset,
            RegionDescriptor source,
            long sourceOffset,
            long length,
            Duration timeout) {
        return start(
                new Call(Kind.READ, destination, destinationOffset, length),
                () -> inner.read(own(destination), destinationOffset, source, sourceOffset, length, timeout(timeout)));
    }

    @Override
    public Operation<Long> compareAndSwap(
            RegionDescriptor target, long targetOffset, long expected, long replacement, Duration timeout) {
        return start(
                Call.of(Kind.ATOMIC),
                () -> inner.compareAndSwap(target, targetOffset, expected, replacement, timeout(timeout)));
    }

    @Override
    public Operation<Long> fetchAndAdd(RegionDescriptor target, long targetOffset, long delta, Duration timeout) {
        return start(Call.of(Kind.ATOMIC), () -> inner.fetchAndAdd(target, targetOffset, delta, timeout(timeout)));
    }

    @Override
    public Operation<@Nullable Void> send(MemoryRegion source, long sourceOffset, long length, Duration timeout) {
        return start(
                new Call(Kind.SEND, source, sourceOffset, length),
                () -> inner.send(own(source), sourceOffset, length, timeout(timeout)));
    }

    @Override
    public Operation<@Nullable Void> send(MemorySegment message, Duration timeout) {
        return start(Call.of(Kind.SEND), () -> inner.send(message, timeout(timeout)));
    }

    @Override
    public Operation<byte[]> request(MemorySegment message, Duration timeout) {
        return start(Call.of(Kind.REQUEST), () -> inner.request(message, timeout(timeout)));
    }

    @Override
    public Operation<@Nullable Void> reply(long requestId, MemorySegment message) {
        return start(Call.of(Kind.REPLY), () -> inner.reply(requestId, message));
    }

    @Override
    public Operation<@Nullable Void> refuse(long requestId, String reason) {
        return start(Call.of(Kind.REPLY), () -> inner.refuse(requestId, reason));
    }

    @Override
    public Operation<@Nullable Void> datagram(MemorySegment message, Duration timeout) {
        return start(Call.of(Kind.DATAGRAM), () -> inner.datagram(message, timeout(timeout)));
    }

    @Override
    public Operation<@Nullable Void> fence(Duration timeout) {
        return start(Call.of(Kind.FENCE), () -> inner.fence(timeout(timeout)));
    }
}
