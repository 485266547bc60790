package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_LAST;
import static io.fairlead.transport.core.FrameHeader.FLAG_NOTIFY;
import static io.fairlead.transport.core.FrameHeader.FLAG_SWAP;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.core.ResponseQueue.Response;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of what is to be sent. Control frames first: they are a few numbers, not a queue, so nothing can starve
 * them and they never pile up. Then answers to the peer's reads and own operations in turn. Small payloads are copied beside their
 * headers, so that many go in one write; large ones are written from where they lie. For the loop only.
 */
final class Outbound {
    /** Up to here copying costs less than another buffer in the gathering write. */
    static final int COPIED_BYTES = 4096;

    /** Payload of a batch after which it is written: what a control frame may have to wait behind, with one frame more. */
    private static final long BATCH_PAYLOAD_BYTES = 256 * 1024;

    /** Staging that payload leaves free, so that there is always room for the control frames of a batch. */
    private static final int CONTROL_RESERVE = 1024;

    private static final int FRAME_ROOM = FrameHeader.MAX_BYTES + COPIED_BYTES + CONTROL_RESERVE;

    private final Engine engine;
    private final Initiator initiator;
    private final Target target;
    private final OperationTable table;
    private final ResponseQueue responses;
    private final OutputBatch batch;
    private SlotQueue queue = new SlotQueue();
    private volatile int maxFrameBytes = 512;
    private int lastSequence;
    private int acknowledgedToPeer;
    private boolean opsNext;

    /** The head of the queue is a fence that waits for what was sent before it. */
    private boolean atFence;

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
            Target target,
            OperationTable table,
            ResponseQueue responses,
            OutputBatch batch) {
        this.engine = engine;
        this.initiator = initiator;
        this.target = target;
        this.table = table;
        this.responses = responses;
        this.batch = batch;
    }

    void maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
    }

    /** Written on the loop once; read by all. */
    int maxFrameBytes() {
        return maxFrameBytes;
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

    boolean errorPending() {
        return error != null;
    }

    /** Nothing of an operation or an answer is left to put into frames. */
    boolean isIdle() {
        return queue.isEmpty() && responses.isEmpty() && batch.isEmpty();
    }

    /** Fills an empty batch. */
    void fill() {
        if (!batch.isEmpty()) {
            return;
        }
        if (handshake != null) {
            byte[] bytes = handshake;
            handshake = null;
            MemorySegment.copy(bytes, 0, batch.staged(), ValueLayout.JAVA_BYTE, batch.position(), bytes.length);
            batch.advance(bytes.length);
        }
        if (engine.isFramed()) {
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
            bare(FrameHeader.PONG, 0, 0, 0, 0);
        }
        if (ping) {
            ping = false;
            bare(FrameHeader.PING, 0, 0, 0, 0);
        }
        if (drain) {
            drain = false;
            bare(FrameHeader.DRAIN, 0, 0, 0, 0);
        }
        if (engine.deliveries().creditDue()) {
            MemorySegment to = bare(FrameHeader.CREDIT, 0, 0, 0, 0);
            int at = batch.position() - FrameHeader.COMMON_BYTES;
            to.set(
                    FrameHeader.LONG,
                    at + FrameHeader.CREDIT_MESSAGES,
                    engine.deliveries().finishedMessages());
            to.set(
                    FrameHeader.LONG,
                    at + FrameHeader.CREDIT_BYTES,
                    engine.deliveries().finishedBytes());
            batch.advance(FrameHeader.bytes(FrameHeader.CREDIT) - FrameHeader.COMMON_BYTES);
        }
    }

    private void payload() {
        while (batch.hasRoom(FRAME_ROOM) && batch.payloadBytes() < BATCH_PAYLOAD_BYTES) {
            Response response = responses.next();
            OperationSlot slot = nextOperation();
            if (slot != null && (response == null || opsNext)) {
                opsNext = false;
                operationFrame(slot);
            } else if (response != null) {
                opsNext = true;
                responseFrame(response);
            } else {
                return;
            }
        }
    }

    private void farewell() {
        ErrorCode code = error;
        if (code != null) {
            bare(FrameHeader.ERROR, 0, code.number(), errorText.length, errorSequence);
            MemorySegment.copy(errorText, 0, batch.staged(), ValueLayout.JAVA_BYTE, batch.position(), errorText.length);
            batch.advance(errorText.length);
            error = null;
            engine.errorStaged();
        }
        if (acknowledgedToPeer != target.carriedOut()) {
            bare(FrameHeader.ACK, 0, 0, 0, 0);
        }
        if (bye && queue.isEmpty() && responses.next() == null) {
            bye = false;
            bare(FrameHeader.BYE, 0, 0, 0, 0);
            engine.byeStaged();
        }
    }

    /** The operation to be framed next; stays until it is wholly in frames. Fences hold back what is behind them. */
    private @Nullable OperationSlot nextOperation() {
        if (queue.isEmpty()) {
            queue = table.swapQueue(queue);
        }
        OperationSlot slot = queue.peek();
        while (slot != null && slot.kind == OperationKind.FENCE) {
            atFence = !slot.ended && !initiator.allBeforeEnded();
            if (atFence) {
                return null;
            }
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
            queue = table.swapQueue(queue);
        }
        return queue.peek();
    }

    private void operationFrame(OperationSlot slot) {
        if (!slot.started) {
            slot.started = true;
            initiator.started();
            slot.queued = false;
            slot.sequence = slot.kind == OperationKind.DATAGRAM ? 0 : ++lastSequence;
        }
        switch (slot.kind) {
            case WRITE, WRITE_NOTIFY -> write(slot);
            case READ -> read(slot);
            case COMPARE_AND_SWAP, FETCH_AND_ADD -> atomic(slot);
            case SEND -> message(slot, FrameHeader.SEND, 0);
            case REQUEST -> message(slot, FrameHeader.REQUEST, slot.number());
            case REPLY -> message(slot, FrameHeader.REPLY, slot.requestId);
            case DATAGRAM -> {
                int at = header(FrameHeader.DATAGRAM, FLAG_LAST, 0, (int) slot.length, 0);
                body(slot, (int) slot.length, at);
            }
            case FENCE -> throw new IllegalStateException("a fence makes no frame");
        }
        if (slot.sent) {
            queue.poll();
            initiator.framed(slot);
        }
    }

    private void write(OperationSlot slot) {
        RegionDescriptor target = Objects.requireNonNull(slot.target);
        // A write that has ended in the middle is cut short: an empty last frame keeps the numbering whole.
        long left = slot.ended ? 0 : slot.length - slot.progress;
        int bytes = (int) Math.min(left, maxFrameBytes);
        boolean last = bytes == left;
        boolean notify = slot.kind == OperationKind.WRITE_NOTIFY && !slot.ended;
        slot.creditUsed = notify && last;
        int flags = (last ? FLAG_LAST : 0) | (notify ? FLAG_NOTIFY : 0);
        MemorySegment to = batch.staged();
        int at = header(FrameHeader.WRITE, flags, 0, bytes, slot.sequence);
        FrameHeader.target(
                to, at, target.regionId(), target.generation(), target.token(), slot.targetOffset + slot.progress);
        to.set(FrameHeader.LONG, at + FrameHeader.TAG, slot.tag & 0xffff_ffffL);
        slot.sent = last;
        body(slot, bytes, at);
    }

    private void read(OperationSlot slot) {
        RegionDescriptor target = Objects.requireNonNull(slot.target);
        int at = header(FrameHeader.READ, FLAG_LAST, 0, 0, slot.sequence);
        FrameHeader.target(
                batch.staged(), at, target.regionId(), target.generation(), target.token(), slot.targetOffset);
        batch.staged().set(FrameHeader.LONG, at + FrameHeader.WANTED, slot.length);
        slot.sent = true;
    }

    private void atomic(OperationSlot slot) {
        RegionDescriptor target = Objects.requireNonNull(slot.target);
        boolean swap = slot.kind == OperationKind.COMPARE_AND_SWAP;
        int at = header(FrameHeader.ATOMIC, swap ? FLAG_LAST | FLAG_SWAP : FLAG_LAST, 0, 0, slot.sequence);
        FrameHeader.target(
                batch.staged(), at, target.regionId(), target.generation(), target.token(), slot.targetOffset);
        batch.staged().set(FrameHeader.LONG, at + FrameHeader.OPERAND, slot.operand);
        batch.staged().set(FrameHeader.LONG, at + FrameHeader.REPLACEMENT, slot.replacement);
        slot.sent = true;
    }

    private void message(OperationSlot slot, int type, long requestId) {
        int bytes = (int) Math.min(slot.length - slot.progress, maxFrameBytes);
        boolean last = slot.progress + bytes == slot.length;
        byte[] refusal = slot.refusal;
        int aux = refusal == null ? 0 : ErrorCode.REQUEST_FAILED.number();
        MemorySegment to = batch.staged();
        int at = header(type, last ? FLAG_LAST : 0, aux, bytes, slot.sequence);
        to.set(FrameHeader.LONG, at + FrameHeader.MESSAGE_BYTES, slot.length);
        to.set(FrameHeader.LONG, at + FrameHeader.REQUEST_ID, requestId);
        slot.sent = last;
        slot.creditUsed = true;
        if (refusal != null) {
            MemorySegment.copy(refusal, (int) slot.progress, to, ValueLayout.JAVA_BYTE, batch.position(), bytes);
            batch.advance(bytes);
            slot.progress += bytes;
        } else {
            body(slot, bytes, at);
        }
    }

    /** The payload of a frame, from where the operation stands. */
    private void body(OperationSlot slot, int bytes, long header) {
        if (slot.kind == OperationKind.DATAGRAM) {
            slot.sent = true;
        }
        if (bytes == 0) {
            return;
        }
        RegisteredRegion region = Objects.requireNonNull(slot.region);
        long offset = slot.localOffset + slot.progress;
        slot.progress += bytes;
        if (bytes <= COPIED_BYTES) {
            batch.stage(region.segment(), offset, bytes);
        } else {
            slot.viewsOut++;
            batch.view(region, offset, bytes, slot, header);
            if (!slot.kind.oneSided) {
                batch.endRun();
            }
        }
    }

    private void responseFrame(Response response) {
        if (response.atomic) {
            int at = header(FrameHeader.ATOMIC_RESULT, FLAG_LAST, 0, 0, response.sequence);
            batch.staged().set(FrameHeader.LONG, at + FrameHeader.VALUE, response.value);
            response.framed = true;
        } else {
            RegionGrant grant = Objects.requireNonNull(response.grant);
            int bytes = (int) Math.min(response.remaining, maxFrameBytes);
            response.framed = bytes == response.remaining;
            int header = header(FrameHeader.READ_DATA, response.framed ? FLAG_LAST : 0, 0, bytes, response.sequence);
            long offset = response.offset;
            response.offset += bytes;
            response.remaining -= bytes;
            if (bytes <= COPIED_BYTES) {
                batch.stage(grant.region.segment(), offset, bytes);
            } else {
                response.viewsOut++;
                batch.view(grant.region, offset, bytes, response, header);
            }
            target.answered(bytes);
        }
        responses.removeSent();
    }

    private MemorySegment bare(int type, int flags, int aux, int length, int sequence) {
        batch.endRun();
        int at = batch.position();
        FrameHeader.common(batch.staged(), at, type, flags, aux, length, sequence, stampAcknowledged());
        batch.advance(FrameHeader.COMMON_BYTES);
        return batch.staged();
    }

    private int header(int type, int flags, int aux, int length, int sequence) {
        boolean deferred = length > COPIED_BYTES && (type == FrameHeader.WRITE || type == FrameHeader.READ_DATA);
        if (!deferred) {
            batch.endRun();
        }
        int at = batch.position();
        int allFlags = deferred ? flags | FrameHeader.FLAG_DEFERRED : flags;
        FrameHeader.common(batch.staged(), at, type, allFlags, aux, length, sequence, stampAcknowledged());
        batch.advance(FrameHeader.bytes(type));
        return at;
    }

    private int stampAcknowledged() {
        acknowledgedToPeer = target.carriedOut();
        return acknowledgedToPeer;
    }
}
