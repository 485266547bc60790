package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.core.ResponseQueue.Response;
import org.jspecify.annotations.Nullable;

/**
 * Decides what goes next. Control frames first: they are a few numbers, not a queue, so nothing can starve
 * them and they never pile up. Then answers to the peer's reads and own operations in turn. For the loop only.
 */
final class Outbound {
    /** Payload of a batch after which it is written: what a control frame may have to wait behind, with one frame more. */
    private static final long BATCH_PAYLOAD_BYTES = 256 * 1024;

    /** Staging that payload leaves free, so that there is always room for the control frames of a batch. */
    private static final int CONTROL_RESERVE = 1024;

    private static final int FRAME_ROOM = FrameWriter.STAGED_BYTES + CONTROL_RESERVE;

    private final Engine engine;
    private final Initiator initiator;
    private final OperationTable table;
    private final ResponseQueue responses;
    private final OutputBatch batch;
    private final FrameWriter frames;
    private final Acknowledgement acknowledgement;
    private final @Nullable OneSided oneSided;
    private SlotQueue queue;
    private int lastSequence;
    private boolean opsNext;

    /** The head of the queue is a fence that waits for what was sent before it. */
    private boolean atFence;

    /** A fence has passed in this turn. The next is for the next turn: its completion may submit another, and so for ever. */
    private boolean fencePassed;

    // What is to be said once, as soon as there is room.
    private boolean ping;
    private boolean pong;
    private boolean drain;
    private boolean bye;
    private @Nullable ErrorCode error;
    private int errorSequence;
    private byte[] errorText = new byte[0];
    private byte @Nullable [] handshake;

    Outbound(
            Engine engine,
            Initiator initiator,
            OperationTable table,
            ResponseQueue responses,
            OutputBatch batch,
            FrameWriter frames,
            Acknowledgement acknowledgement) {
        this.engine = engine;
        this.initiator = initiator;
        this.table = table;
        this.responses = responses;
        this.batch = batch;
        this.frames = frames;
        this.acknowledgement = acknowledgement;
        this.oneSided = engine.wire().oneSided();
        this.queue = table.takeOver();
    }

    void handshake(byte[] bytes) {
        handshake = bytes;
    }

    void ping() {
        ping = true;
    }

    void pong() {
        pong = true;
    }

    void drain() {
        drain = true;
    }

    void bye() {
        bye = true;
    }

    void error(ErrorCode code, int sequence, String reason) {
        error = code;
        errorSequence = sequence;
        errorText = TextBytes.cut(reason, 512);
    }

    /** Whether the end of the operations under way lets something go on. */
    boolean waitsAtFence() {
        return atFence;
    }

    /** Nothing of an operation or an answer is left to put into frames. */
    boolean isIdle() {
        return queue.isEmpty() && responses.isEmpty() && batch.isEmpty();
    }

    /** Whether operations or answers are left that did not fit the batch, or must wait for its end. */
    boolean hasMore() {
        return !queue.isEmpty() || !responses.isEmpty();
    }

    /** Whether anything of operations or answers could be put into a batch now. */
    boolean hasWork() {
        return hasMore() || table.hasQueued();
    }

    /** Fills an empty batch. */
    void fill() {
        if (!batch.isEmpty()) {
            return;
        }
        if (handshake != null) {
            frames.raw(handshake);
            handshake = null;
        }
        if (engine.lifecycle().isFramed()) {
            control();
            if (error == null) {
                payload();
            }
            farewell();
        }
        batch.seal();
    }

    private void control() {
        if (pong) {
            pong = false;
            frames.bare(FrameHeader.PONG);
        }
        if (ping) {
            ping = false;
            frames.bare(FrameHeader.PING);
        }
        if (drain) {
            drain = false;
            frames.bare(FrameHeader.DRAIN);
        }
        Deliveries deliveries = engine.deliveries();
        if (deliveries.creditDue()) {
            frames.credit(deliveries.finishedMessages(), deliveries.finishedBytes());
        }
    }

    private void payload() {
        fencePassed = false;
        while (hasWork() && batch.hasRoom(FRAME_ROOM) && batch.payloadBytes() < BATCH_PAYLOAD_BYTES) {
            Response response = responses.next();
            OperationSlot slot = nextOperation();
            if (slot != null && oneSided != null && slot.kind.oneSided) {
                if (!post(oneSided, slot)) {
                    return;
                }
            } else if (slot != null && (response == null || opsNext)) {
                opsNext = false;
                operationFrame(slot);
            } else if (response != null) {
                opsNext = true;
                frames.answer(response);
                responses.removeSent();
            } else {
                return;
            }
        }
    }

    /**
     * Posts an operation past the frames.
     *
     * @return false if it must wait, or what is left of it: for the frames before it to leave, or for room
     */
    private boolean post(OneSided past, OperationSlot slot) {
        if (batch.isStaged()) {
            return false;
        }
        boolean last = false;
        while (!last && !slot.ended) {
            int bytes = (int) Math.min(slot.length - slot.progress, past.partBytes());
            last = bytes == slot.length - slot.progress;
            if (!past.post(slot, slot.progress, bytes, last)) {
                return false;
            }
            slot.progress += bytes;
            initiator.posted(slot, last);
        }
        queue.poll();
        if (!last) {
            initiator.cutShort(slot);
        }
        return true;
    }

    private void farewell() {
        ErrorCode code = error;
        if (code != null) {
            frames.error(code, errorSequence, errorText);
            error = null;
            engine.lifecycle().errorStaged();
        }
        if (acknowledgement.isDue()) {
            frames.bare(FrameHeader.ACK);
        }
        if (bye && queue.isEmpty() && responses.next() == null) {
            bye = false;
            frames.bare(FrameHeader.BYE);
            engine.lifecycle().byeStaged();
        }
    }

    /** The operation to be framed next; stays until it is wholly in frames. Fences hold back what is behind them. */
    private @Nullable OperationSlot nextOperation() {
        OperationSlot slot = queueHead();
        while (slot != null && slot.kind == OperationKind.FENCE) {
            atFence = !slot.ended && !initiator.allBeforeEnded();
            if (atFence) {
                return null;
            }
            if (fencePassed) {
                engine.wire().wantOutput();
                return null;
            }
            fencePassed = true;
            queue.poll();
            slot.queued = false;
            slot.sent = true;
            initiator.fencePassed(slot);
            slot = queueHead();
        }
        while (slot != null && slot.ended && !slot.started) {
            // Ended while it waited: never sent.
            queue.poll();
            slot.queued = false;
            slot.sent = true;
            initiator.forget(slot);
            slot = queueHead();
        }
        return slot != null && slot.kind == OperationKind.FENCE ? nextOperation() : slot;
    }

    private @Nullable OperationSlot queueHead() {
        if (queue.isEmpty()) {
            queue = table.takeOver();
        }
        return queue.peek();
    }

    private void operationFrame(OperationSlot slot) {
        if (!slot.started && isAlone() && frames.alone(slot, lastSequence + 1)) {
            start(slot);
        } else {
            if (!slot.started) {
                start(slot);
            }
            frames.operation(slot);
        }
        if (slot.sent) {
            queue.poll();
            initiator.framed(slot);
        }
    }

    /** Whether nothing is in the batch, and nothing waits that could go with the head of the queue. */
    private boolean isAlone() {
        return queue.size() == 1 && !batch.isStaged() && !table.hasQueued() && responses.isEmpty();
    }

    private void start(OperationSlot slot) {
        slot.started = true;
        initiator.started();
        slot.queued = false;
        slot.sequence = slot.kind == OperationKind.DATAGRAM ? 0 : ++lastSequence;
    }
}
