package io.fairlead.transport.core;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection.State;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.PeerInfo;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.ResponseQueue.Response;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
public final class Engine implements OutputBatch.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final SoftwareTransport transport;
    private final TransportConfig config;
    private final Wire wire;
    private final Lifecycle lifecycle;
    private final OperationTable table;
    private final WaitingRoom waiting;
    private final ResponseQueue responses;
    private final OutputBatch batch;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Deliveries deliveries;
    private final EngineConnection connection;
    private final TransportMetrics metrics;
    private final Function<EngineConnection, ConnectionHandler> handlerFor;

    /** Framed and waiting to be acknowledged, in order. */
    private final SlotQueue unacknowledged = new SlotQueue();

    /** Reads and atomics waiting for their answers, in order. */
    private final SlotQueue unanswered = new SlotQueue();

    private int started;
    private int lastFramed;
    private int lastAcknowledged;
    private int carriedOut;
    private int refusedSequence;
    private boolean peerDraining;

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
        this.waiting = new WaitingRoom(table, config.limits().maxWaitingOperations());
        this.responses = new ResponseQueue(config.limits().maxOperationsInFlight());
        this.batch = new OutputBatch(transport.staging());
        this.outbound = new Outbound(this, table, responses, batch);
        this.deliveries = new Deliveries(this, config.limits(), transport.handlers());
        this.inbound = new Inbound(
                this, responses, new MessageAssembly(this), config.limits().maxFrameBytes());
        this.lifecycle = new Lifecycle(this, outbound, config.timeouts(), client);
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
        lifecycle.heard(wire.loop().nowNs());
        inbound.payloadReceived(bytes);
    }

    /**
     * Takes bytes that came. Never keeps them.
     *
     * @return where the rest starts, which is less than a header; to be given again with what follows
     */
    public long receive(MemorySegment bytes, long from, long to) {
        lifecycle.heard(wire.loop().nowNs());
        return lifecycle.isFramed() ? inbound.receive(bytes, from, to) : lifecycle.handshake(bytes, from, to);
    }

    /** What is to be written now; empty if nothing is. */
    public OutputBatch output() {
        if (batch.isEmpty()) {
            waiting.admit();
            outbound.fill();
            if (!batch.isEmpty()) {
                lifecycle.outputStarted(wire.loop().nowNs());
            }
        }
        return batch;
    }

    /** So many bytes of the batch were written, as the positions of its buffers say. @return whether that was all of it */
    public boolean written(long bytes) {
        if (bytes > 0) {
            lifecycle.outputMoved(wire.loop().nowNs());
        }
        batch.sent(this);
        if (!batch.isEmpty()) {
            return false;
        }
        lifecycle.flushed();
        return true;
    }

    /** When {@link #tick} is next wanted, by {@link EventLoop#nowNs()}. */
    public long dueNs() {
        return lifecycle.dueNs(earlier(table.earliestDeadlineNs(), waiting.earliestDeadlineNs()));
    }

    static long earlier(long one, long other) {
        return one == OperationTable.NEVER || (other != OperationTable.NEVER && other - one < 0) ? other : one;
    }

    /** Time went on: deadlines, keep-alive, the end of a drain. */
    public void tick(long nowNs) {
        long earliest = table.earliestDeadlineNs();
        if (earliest != OperationTable.NEVER && nowNs - earliest >= 0) {
            for (OperationSlot slot : table.expired(nowNs)) {
                ErrorCode code = slot.started && slot.kind != OperationKind.READ
                        ? ErrorCode.OUTCOME_UNKNOWN
                        : ErrorCode.DEADLINE_EXCEEDED;
                end(slot, failure(code, slot, "its deadline has passed"), 0);
            }
        }
        waiting.expire(nowNs, describe());
        lifecycle.tick(nowNs);
    }

    /** The stream ended or failed; null for an orderly end by the peer. */
    public void wireFailed(@Nullable Throwable cause) {
        lifecycle.wireFailed(cause);
    }

    /** Ends without more ado, as when the transport must stop. */
    public void abort(TransportException cause) {
        lifecycle.terminate(cause, CloseOutcome.FORCED);
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

    SoftwareTransport transport() {
        return transport;
    }

    GrantTable grants() {
        return transport.regions().grants();
    }

    int maxMessageBytes() {
        return config.limits().maxMessageBytes();
    }

    int maxFrameBytes() {
        return outbound.maxFrameBytes();
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

    boolean isFramed() {
        return lifecycle.isFramed();
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
        outbound.maxFrameBytes(Math.min(peer.maxFrameBytes(), config.limits().maxFrameBytes()));
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

    /** The peer wants to end: nothing new of this side's begins. */
    void peerDrains() {
        if (peerDraining) {
            violation("a second DRAIN");
            return;
        }
        peerDraining = true;
        table.refuse();
        waiting.failAll(new TransportException(ErrorCode.CLOSED, describe() + " is being closed by the peer"));
        lifecycle.peerDrains();
    }

    void peerSaidBye() {
        lifecycle.peerSaidBye();
    }

    void byeStaged() {
        lifecycle.byeStaged();
    }

    void errorStaged() {
        lifecycle.errorStaged();
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

    // ---- the target's side -------------------------------------------------------------------------------------

    int carriedOut() {
        return carriedOut;
    }

    /** Everything up to this operation of the peer is done. */
    void carriedOut(int sequence) {
        carriedOut = sequence;
        wire.wantOutput();
    }

    void placed(boolean notify, int bytes) {
        metrics.bytesIn(notify ? OperationKind.WRITE_NOTIFY : OperationKind.WRITE, bytes);
    }

    void answered(int bytes) {
        metrics.bytesOut(OperationKind.READ, bytes);
    }

    void delivered(int type, int bytes) {
        OperationKind kind = switch (type) {
            case FrameHeader.SEND -> OperationKind.SEND;
            case FrameHeader.REQUEST -> OperationKind.REQUEST;
            case FrameHeader.REPLY -> OperationKind.REPLY;
            default -> OperationKind.DATAGRAM;
        };
        metrics.bytesIn(kind, bytes);
    }

    void violation(String what) {
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

    /** A grant was revoked: if its memory is in use here, this connection ends, since the use cannot be undone otherwise. */
    void evict(RegionGrant grant) {
        Response answer = responses.using(grant);
        Placement placement = inbound.using(grant);
        if (answer != null && !batch.isEmpty()) {
            // Part of an answer is on its way and cannot be completed: the peer learns by the end of the stream.
            abort(new TransportException(ErrorCode.REMOTE_ACCESS, describe() + ": revoked while the peer was reading"));
        } else if (answer != null) {
            int sequence = answer.sequence;
            responses.clear();
            refuseAccess(sequence, "revoked before the read was answered");
        } else if (placement != null) {
            int sequence = placement.sequence;
            inbound.end();
            refuseAccess(sequence, "revoked in the middle of the write");
        }
    }

    // ---- the initiator's side ----------------------------------------------------------------------------------

    boolean allBeforeEnded() {
        return started == 0;
    }

    void fencePassed(OperationSlot slot) {
        end(slot, null, 0);
        giveBack(slot);
    }

    /** An operation that ended while it was queued has left the queue. */
    void forget(OperationSlot slot) {
        giveBack(slot);
    }

    /** The first frame of an operation is about to be made. */
    void started(OperationSlot slot) {
        started++;
    }

    /** The last frame of an operation is made. */
    void framed(OperationSlot slot) {
        switch (slot.kind) {
            case DATAGRAM -> {
                if (slot.viewsOut == 0) {
                    end(slot, null, slot.length);
                }
                giveBack(slot);
                return;
            }
            case READ, COMPARE_AND_SWAP, FETCH_AND_ADD -> {
                slot.progress = 0;
                unanswered.add(slot);
            }
            case REQUEST -> {}
            default -> unacknowledged.add(slot);
        }
        slot.awaited = true;
        lastFramed = slot.sequence;
        releaseIfIdle(slot);
    }

    @Override
    public void viewSent(OperationSlot slot) {
        slot.viewsOut--;
        if (slot.kind == OperationKind.DATAGRAM && slot.viewsOut == 0) {
            end(slot, null, slot.length);
        }
        releaseIfIdle(slot);
        giveBack(slot);
    }

    @Override
    public void viewSent(Response response) {
        response.viewsOut--;
        responses.removeSent();
    }

    /** @return false if the peer acknowledges what was not sent */
    boolean acknowledged(int sequence) {
        if (sequence == lastAcknowledged) {
            return true;
        }
        if (sequence - lastAcknowledged < 0 || lastFramed - sequence < 0) {
            return false;
        }
        lastAcknowledged = sequence;
        for (OperationSlot slot = unacknowledged.peek();
                slot != null && sequence - slot.sequence >= 0;
                slot = unacknowledged.peek()) {
            unacknowledged.poll();
            slot.awaited = false;
            end(slot, null, slot.length);
            giveBack(slot);
        }
        return true;
    }

    /** The operation whose answer must come next, if it is this one. */
    @Nullable
    OperationSlot awaitedAnswer(int sequence, boolean read) {
        OperationSlot slot = unanswered.peek();
        return slot != null && slot.sequence == sequence && (slot.kind == OperationKind.READ) == read ? slot : null;
    }

    void answerBegun() {
        unanswered.poll();
    }

    void answerTaken(OperationSlot slot, long value) {
        slot.awaited = false;
        if (slot.kind == OperationKind.READ && !slot.ended) {
            metrics.bytesIn(OperationKind.READ, slot.length);
        }
        end(slot, null, value);
        giveBack(slot);
    }

    /** Whether a request has this number and no reply yet. */
    boolean awaitsReply(long requestId) {
        OperationSlot slot = table.find(requestId);
        return slot != null && slot.kind == OperationKind.REQUEST && slot.awaited;
    }

    void replied(long requestId, @Nullable ErrorCode refusal, MemorySegment bytes, long offset, int length) {
        OperationSlot slot = table.find(requestId);
        if (slot == null || slot.kind != OperationKind.REQUEST || !slot.awaited) {
            violation("a reply to a request that is not open");
            return;
        }
        slot.awaited = false;
        if (!slot.ended) {
            if (refusal == null) {
                endRequest(slot, connection.reply(bytes, offset, length));
            } else {
                String text = new String(
                        bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
                end(slot, new TransportException(refusal, describe() + ": " + text), 0);
            }
        }
        giveBack(slot);
    }

    boolean credited(long messages, long bytes) {
        if (!table.finishedByPeer(messages, bytes)) {
            return false;
        }
        wire.wantOutput();
        return true;
    }

    void cancel(long number) {
        OperationSlot slot = table.find(number);
        if (slot != null && !slot.ended) {
            ErrorCode code =
                    slot.started && slot.kind != OperationKind.READ ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.CANCELLED;
            end(slot, failure(code, slot, "it was cancelled"), 0);
            giveBack(slot);
            wire.wantOutput();
        }
    }

    /** The peer said why it ends the connection. */
    void peerFailed(ErrorCode code, int sequence, String reason) {
        refusedSequence = code == ErrorCode.REMOTE_ACCESS ? sequence : 0;
        lifecycle.terminate(
                new TransportException(code, describe() + ": the peer says: " + reason), CloseOutcome.FORCED);
    }

    // ---- ends of operations ------------------------------------------------------------------------------------

    private void endRequest(OperationSlot slot, ReceivedMessage reply) {
        slot.ended = true;
        oneEnded();
        metrics.ended(slot.kind, null, wire.loop().nowNs() - slot.startNs);
        metrics.bytesOut(slot.kind, slot.length);
        try {
            Objects.requireNonNull(slot.replyHandler).replied(slot.context, reply, null);
        } catch (RuntimeException | Error e) {
            LOG.error("the reply handler of a request over {} failed", describe(), e);
        }
        releaseIfIdle(slot);
    }

    private void oneEnded() {
        if (--started == 0 && outbound.waitsAtFence()) {
            wire.wantOutput();
        }
    }

    private void end(OperationSlot slot, @Nullable TransportException failure, long value) {
        if (slot.ended) {
            return;
        }
        slot.ended = true;
        if (slot.started) {
            oneEnded();
        }
        if (slot.kind == OperationKind.READ) {
            inbound.abandon(slot);
        }
        long tookNs = Math.max(0, wire.loop().nowNs() - slot.startNs);
        metrics.ended(slot.kind, failure == null ? null : failure.code(), tookNs);
        if (failure == null && slot.kind.sendsPayload) {
            metrics.bytesOut(slot.kind, slot.length);
        }
        try {
            if (slot.replyHandler != null) {
                slot.replyHandler.replied(slot.context, null, failure);
            } else if (slot.completion != null) {
                slot.completion.completed(slot.context, failure, value);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the completion of a {} over {} failed", slot.kind.tag(), describe(), e);
        }
        releaseIfIdle(slot);
    }

    /** Tells the caller that its buffer is free, if the operation has ended and no frame will use it. */
    private void releaseIfIdle(OperationSlot slot) {
        boolean sourceIdle = !slot.started || slot.kind == OperationKind.READ || (slot.sent && slot.viewsOut == 0);
        if (!slot.ended || slot.released || !sourceIdle) {
            return;
        }
        slot.released = true;
        if (slot.region != null) {
            slot.region.leave();
        }
        if (slot.lease != null) {
            slot.lease.close();
        }
        try {
            if (slot.replyHandler != null) {
                slot.replyHandler.released(slot.context);
            } else if (slot.completion != null) {
                slot.completion.released(slot.context);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the completion of a {} over {} failed on release", slot.kind.tag(), describe(), e);
        }
    }

    private void giveBack(OperationSlot slot) {
        if (slot.live && slot.ended && slot.released && !slot.awaited && !slot.queued) {
            table.give(slot);
            if (!waiting.isEmpty()) {
                wire.wantOutput();
            }
            lifecycle.progressed();
        }
    }

    private TransportException failure(ErrorCode code, OperationSlot slot, String why) {
        return new TransportException(
                code, describe() + ": " + slot.kind.tag() + " of " + slot.length + " bytes: " + why);
    }

    /** The connection has ended: so has everything on it. */
    void endAll(TransportException cause) {
        table.end();
        inbound.end();
        batch.discard(this);
        responses.clear();
        List<OperationSlot> all = new ArrayList<>(table.live());
        for (OperationSlot slot : all) {
            if (!slot.ended) {
                end(slot, failureOf(slot, cause), 0);
            }
            slot.sent = true;
            releaseIfIdle(slot);
            slot.awaited = false;
            slot.queued = false;
            giveBack(slot);
        }
        waiting.failAll(new TransportException(ErrorCode.CLOSED, describe() + " is closed", cause));
        transport.forget(this);
        if (lifecycle.peer() != null) {
            metrics.connectionClosed(cause.code() == ErrorCode.CLOSED ? null : cause.code());
            deliveries.closed(cause);
        } else {
            metrics.connectFailed(cause.code());
        }
    }

    private TransportException failureOf(OperationSlot slot, TransportException cause) {
        boolean refused = refusedSequence != 0 && slot.started && slot.sequence == refusedSequence;
        if (refused) {
            return cause;
        }
        ErrorCode code = slot.started ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.CLOSED;
        return new TransportException(
                code,
                describe() + ": " + slot.kind.tag() + " of " + slot.length + " bytes: the connection ended ("
                        + cause.getMessage() + ")");
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
