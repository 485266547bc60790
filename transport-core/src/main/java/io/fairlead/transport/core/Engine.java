package io.fairlead.transport.core;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection.State;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.PeerInfo;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a connection over a byte stream: handshake, frames, operations, keep-alive, close. It has no thread and no socket; a
 * provider gives it bytes and time, on one loop, and takes bytes:
 *
 * <ul>
 *   <li>bytes that came: where {@link #payloadTarget()} is not null, read straight to there and call {@link
 *       #payloadReceived}; else read to a staging buffer and call {@link #receive};
 *   <li>at the end of a turn, if the wire was asked for output: {@link #output()}, write, {@link #written()};
 *   <li>at {@link #dueNs()}: {@link #tick};
 *   <li>when the stream ends: {@link #wireFailed}.
 * </ul>
 *
 * <p>All methods are for the loop, but where they say otherwise.
 */
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final SoftwareTransport transport;
    private final TransportConfig config;
    private final Wire wire;
    private final KeepAlive keepAlive;
    private final Lifecycle lifecycle;
    private final OperationTable table;
    private final WaitingRoom waiting;
    private final ResponseQueue responses;
    private final OutputBatch batch;
    private final Initiator initiator;
    private final Target target;
    private final Acknowledgement acknowledgement;
    private final FrameWriter frames;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Deliveries deliveries;
    private final EngineConnection connection;
    private final TransportMetrics metrics;
    private final Function<EngineConnection, ConnectionHandler> handlerFor;

    Engine(
            SoftwareTransport transport,
            Wire wire,
            boolean client,
            Function<EngineConnection, ConnectionHandler> handlerFor) {
        this.transport = transport;
        this.config = transport.config();
        this.wire = wire;
        this.metrics = transport.metrics();
        this.handlerFor = handlerFor;
        this.table = new OperationTable(config.limits());
        this.waiting = new WaitingRoom(table, config.limits().maxWaitingOperations(), this::describe);
        this.responses = new ResponseQueue(config.limits().maxOperationsInFlight());
        this.batch = new OutputBatch(wire.loop());
        this.initiator = new Initiator(this, table, new Completions(this, table, waiting, metrics), metrics);
        this.target = new Target(this, responses, batch, metrics);
        this.acknowledgement = new Acknowledgement(wire);
        this.frames = new FrameWriter(wire, batch, target, acknowledgement);
        this.outbound = new Outbound(this, initiator, table, responses, batch, frames, acknowledgement);
        this.deliveries = new Deliveries(this, config.limits(), transport.handlers());
        this.inbound = new Inbound(this, initiator, target, acknowledgement, deliveries, responses, config.limits());
        this.keepAlive = new KeepAlive(config.timeouts());
        this.lifecycle = new Lifecycle(this, outbound, keepAlive, config.timeouts(), client);
        this.connection = new EngineConnection(transport, this, table, waiting);
    }

    // ---- for the provider --------------------------------------------------------------------------------------

    /** The stream is there: a client speaks first. */
    public void start() {
        lifecycle.start(wire.loop().nowNs());
    }

    /** Whether bytes are still wanted; once false, the provider may stop reading. */
    public boolean isReading() {
        return lifecycle.isReading();
    }

    /** Where the coming bytes of a large payload go, position to limit, or null: then they are for {@link #receive}. */
    public @Nullable ByteBuffer payloadTarget() {
        return inbound.payloadTarget();
    }

    /**
     * How many bytes are worth reading to a staging buffer: no more than a header in a run of large payloads, since what
     * is read beyond would have to be copied.
     */
    public int readAhead() {
        return inbound.readAhead();
    }

    /** So many bytes were read into {@link #payloadTarget()}, whose position has moved. */
    public void payloadReceived(int bytes) {
        keepAlive.heard(wire.loop().nowNs());
        inbound.payloadReceived(bytes);
    }

    /**
     * Takes bytes that came. Never keeps them.
     *
     * @return where the rest starts, which is less than a header; to be given again with what follows
     */
    public long receive(MemorySegment bytes, long from, long to) {
        keepAlive.heard(wire.loop().nowNs());
        return lifecycle.isFramed() ? inbound.receive(bytes, from, to) : lifecycle.handshake(bytes, from, to);
    }

    /** What is to be written now; empty if nothing is. */
    public OutputBatch output() {
        if (batch.isEmpty()) {
            waiting.admit();
            outbound.fill();
            if (!batch.isEmpty()) {
                keepAlive.outputMoved(wire.loop().nowNs());
            }
        }
        return batch;
    }

    /**
     * Whether {@link #output()} may have more, after a batch was written. If not, the wire is asked for output as soon as there is some:
     * that spares asking for it in vain.
     */
    public boolean hasMoreOutput() {
        return outbound.hasMore();
    }

    /** Whether operations or answers wait to be put into {@link #output()}. */
    public boolean hasOutput() {
        return outbound.hasWork();
    }

    /** Ends the operations that the peer has acknowledged, for a wire that {@link Wire#settles}. */
    public void settle() {
        initiator.settle();
    }

    /** So many bytes of the batch were written, as the positions of its buffers say. @return whether that was all of it */
    public boolean written(long bytes) {
        if (bytes > 0) {
            keepAlive.outputMoved(wire.loop().nowNs());
        }
        batch.sent(initiator, target);
        if (!batch.isEmpty()) {
            return false;
        }
        lifecycle.flushed();
        return true;
    }

    /** When {@link #tick} is next wanted, by {@link EventLoop#nowNs()}. */
    public long dueNs() {
        long operationsNs = earlier(table.earliestDeadlineNs(), waiting.earliestDeadlineNs());
        return lifecycle.dueNs(earlier(operationsNs, acknowledgement.dueNs()));
    }

    static long earlier(long one, long other) {
        return one == OperationTable.NEVER || (other != OperationTable.NEVER && other - one < 0) ? other : one;
    }

    /** Time went on: deadlines, keep-alive, the end of a drain. */
    public void tick(long nowNs) {
        initiator.expire(nowNs);
        waiting.expire(nowNs);
        lifecycle.tick(nowNs);
        if (acknowledgement.isDue()) {
            wire.wantOutput();
        }
    }

    /** The stream ended or failed; null for an orderly end by the peer. */
    public void wireFailed(@Nullable Throwable cause) {
        lifecycle.wireFailed(cause);
    }

    /** Ends without more ado, as when the transport must stop. */
    public void abort(TransportException cause) {
        lifecycle.terminate(cause, CloseOutcome.FORCED);
    }

    /** The last part of an operation past the frames is done, and so is the operation; {@code value} is the old one of an atomic. */
    public void oneSidedDone(OneSidedOperation operation, long value) {
        initiator.oneSidedDone((OperationSlot) operation, value);
    }

    /** The peer's memory was refused to an operation past the frames, by which the connection ends. */
    public void oneSidedRefused(OneSidedOperation operation) {
        OperationSlot slot = (OperationSlot) operation;
        initiator.oneSidedRefused(slot);
        lifecycle.terminate(
                new TransportException(
                        ErrorCode.REMOTE_ACCESS,
                        describe() + ": the peer's memory was refused to a " + slot.kind.tag() + " of " + slot.length
                                + " bytes"),
                CloseOutcome.FORCED);
        initiator.oneSidedOver(slot);
    }

    /** A part of an operation past the frames is over that was not the last, or ended with its wire: its memory is not touched any more. */
    public void oneSidedOver(OneSidedOperation operation) {
        initiator.oneSidedOver((OperationSlot) operation);
    }

    /** The peer has written past the frames, and notifies of it; after what came before. */
    public void notified(int tag) {
        if (!lifecycle.isReading()) {
            return;
        }
        keepAlive.heard(wire.loop().nowNs());
        if (lifecycle.isFramed()) {
            inbound.notified(tag);
        } else {
            violation("a notification before the handshake");
        }
    }

    /** Whether the handshake is done. */
    public boolean isShaken() {
        return lifecycle.isFramed();
    }

    public EngineConnection connection() {
        return connection;
    }

    // ---- for the parts of the engine ---------------------------------------------------------------------------

    Wire wire() {
        return wire;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    SoftwareTransport transport() {
        return transport;
    }

    int maxFrameBytes() {
        return frames.maxFrameBytes();
    }

    int operationsInFlight() {
        return table.inFlight();
    }

    long creditsLeft() {
        return table.creditsLeft();
    }

    CompletableFuture<EngineConnection> openedFuture() {
        return lifecycle.opened();
    }

    State state() {
        return lifecycle.state();
    }

    @Nullable
    PeerInfo peer() {
        return lifecycle.peer();
    }

    CompletableFuture<TransportException> closed() {
        return lifecycle.closed();
    }

    CompletableFuture<CloseOutcome> close(Duration drain) {
        table.refuse();
        return lifecycle.close(drain);
    }

    String describe() {
        return transport.effective().name() + " " + wire.local() + " to " + wire.remote();
    }

    /** The handshake is done. */
    void opened(Handshake peer) {
        frames.maxFrameBytes(Math.min(peer.maxFrameBytes(), config.limits().maxFrameBytes()));
        deliveries.handler(handlerFor.apply(connection));
        table.open(peer);
        metrics.connectionOpened();
        transport.opened(this);
        deliveries.opened();
    }

    int operationsAllowed(Handshake peer) {
        return Math.min(config.limits().maxOperationsInFlight(), peer.operationsInFlight());
    }

    /** Nothing new of this side's is let in. */
    void refuseNew() {
        table.refuse();
    }

    /** The peer wants to end: nothing new is let in, nor who waits for room. */
    void turnAway() {
        table.refuse();
        waiting.failAll(new TransportException(ErrorCode.CLOSED, describe() + " is being closed by the peer"));
    }

    /** Whether nothing is left to do for either side, but to say so. */
    boolean isDrained() {
        return table.inFlight() == 0
                && waiting.isEmpty()
                && outbound.isIdle()
                && deliveries.requests().count() == 0;
    }

    void pinged() {
        outbound.pong();
        wire.wantOutput();
    }

    /** No operation in frames is left: what waits for that may go on. */
    void noneUnderWay() {
        if (outbound.waitsAtFence()) {
            wire.wantOutput();
        }
    }

    /** A read has ended: what comes for it is thrown away. */
    void abandon(OperationSlot slot) {
        inbound.abandon(slot);
    }

    void cancel(long operation) {
        initiator.cancel(operation);
    }

    /** A grant was revoked. */
    void evict(RegionGrant grant) {
        target.evict(grant, inbound);
    }

    // ---- failures ----------------------------------------------------------------------------------------------

    /** The peer did what no peer may, in its frames or below them: ends, and tells the peer why if that is possible. */
    public void violation(String what) {
        fail(ErrorCode.PROTOCOL_VIOLATION, 0, "the peer broke the protocol: " + what);
    }

    void refuseAccess(int sequence, String why) {
        fail(ErrorCode.REMOTE_ACCESS, sequence, why);
    }

    void handlerFailed(Throwable failure) {
        LOG.error("a handler of {} failed; the connection is closed", describe(), failure);
        onLoop(() -> fail(ErrorCode.INTERNAL, 0, "the handler failed"));
    }

    /** Tells the peer, and ends. */
    private void fail(ErrorCode code, int sequence, String reason) {
        lifecycle.fail(new TransportException(code, describe() + ": " + reason), sequence, reason);
    }

    /** The peer said why it ends the connection. */
    void peerFailed(ErrorCode code, int sequence, String reason) {
        initiator.refused(code == ErrorCode.REMOTE_ACCESS ? sequence : 0);
        lifecycle.terminate(
                new TransportException(code, describe() + ": the peer says: " + reason), CloseOutcome.FORCED);
    }

    /** The connection has ended: so has everything on it. */
    void endAll(TransportException cause) {
        table.end();
        inbound.end();
        batch.discard(initiator, target);
        responses.clear();
        initiator.endAll(cause);
        waiting.failAll(new TransportException(ErrorCode.CLOSED, describe() + " is closed", cause));
        transport.forget(this);
        if (lifecycle.peer() != null) {
            metrics.connectionClosed(cause.code() == ErrorCode.CLOSED ? null : cause.code());
            deliveries.closed(cause);
        } else {
            metrics.connectFailed(cause.code());
        }
    }

    /** Runs a task on the loop; after the loop's end nothing is left to be done. */
    void onLoop(Runnable task) {
        if (wire.loop().inLoop()) {
            task.run();
            return;
        }
        afterTurn(task);
    }

    /** Runs a task on the loop, but not within what it does now. */
    void afterTurn(Runnable task) {
        try {
            wire.loop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the loop has stopped", describe());
        }
    }
}
