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

/**
 * Writes frames into the batch. Small payloads are copied beside their headers, so that many go in one write; large ones are
 * written from where they lie. For the loop only, but where it says otherwise.
 */
final class FrameWriter {
    /** Up to here copying costs less than another buffer in the gathering write. */
    private static final int COPIED_BYTES = 4096;

    /** A larger message gains nothing by going alone. */
    private static final int ALONE_BYTES = 256;

    /** The largest frame but for payload that is written from where it lies. */
    static final int STAGED_BYTES = FrameHeader.MAX_BYTES + COPIED_BYTES;

    private final Wire wire;
    private final OutputBatch batch;
    private final Target target;
    private final Acknowledgement acknowledgement;
    private volatile int maxFrameBytes = 512;

    FrameWriter(Wire wire, OutputBatch batch, Target target, Acknowledgement acknowledgement) {
        this.wire = wire;
        this.batch = batch;
        this.target = target;
        this.acknowledgement = acknowledgement;
    }

    void maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
    }

    /** Written on the loop once; read by all. */
    int maxFrameBytes() {
        return maxFrameBytes;
    }

    // ---- control -----------------------------------------------------------------------------------------------

    /** A frame of the common header alone. */
    void bare(int type) {
        control(type, 0, 0, 0);
    }

    void credit(long messages, long bytes) {
        control(FrameHeader.CREDIT, 0, 0, 0);
        MemorySegment to = batch.staged();
        int at = batch.position() - FrameHeader.COMMON_BYTES;
        to.set(FrameHeader.LONG, at + FrameHeader.CREDIT_MESSAGES, messages);
        to.set(FrameHeader.LONG, at + FrameHeader.CREDIT_BYTES, bytes);
        batch.advance(FrameHeader.bytes(FrameHeader.CREDIT) - FrameHeader.COMMON_BYTES);
    }

    void error(ErrorCode code, int sequence, byte[] text) {
        control(FrameHeader.ERROR, code.number(), text.length, sequence);
        raw(text);
    }

    /** Bytes as they are. */
    void raw(byte[] bytes) {
        MemorySegment.copy(bytes, 0, batch.staged(), ValueLayout.JAVA_BYTE, batch.position(), bytes.length);
        batch.advance(bytes.length);
    }

    private void control(int type, int aux, int length, int sequence) {
        batch.endRun();
        FrameHeader.common(batch.staged(), batch.position(), type, 0, aux, length, sequence, acknowledgement.say());
        batch.advance(FrameHeader.COMMON_BYTES);
    }

    // ---- operations --------------------------------------------------------------------------------------------

    /** The next frame of an operation; its last one marks it as sent. */
    void operation(OperationSlot slot) {
        switch (slot.kind) {
            case WRITE, WRITE_NOTIFY -> write(slot);
            case READ -> read(slot);
            case COMPARE_AND_SWAP, FETCH_AND_ADD -> atomic(slot);
            case SEND -> {
                if (slot.length <= maxFrameBytes) {
                    wholeMessage(slot);
                } else {
                    message(slot, FrameHeader.SEND, 0);
                }
            }
            case REQUEST -> message(slot, FrameHeader.REQUEST, slot.number());
            case REPLY -> message(slot, FrameHeader.REPLY, slot.requestId);
            case DATAGRAM -> {
                int at = header(FrameHeader.DATAGRAM, FLAG_LAST, 0, (int) slot.length, 0);
                body(slot, (int) slot.length, at);
            }
            case FENCE -> throw new IllegalStateException("a fence makes no frame");
        }
    }

    private void write(OperationSlot slot) {
        RegionDescriptor remote = Objects.requireNonNull(slot.target);
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
                to, at, remote.regionId(), remote.generation(), remote.token(), slot.targetOffset + slot.progress);
        to.set(FrameHeader.LONG, at + FrameHeader.TAG, slot.tag & 0xffff_ffffL);
        slot.sent = last;
        body(slot, bytes, at);
    }

    private void read(OperationSlot slot) {
        RegionDescriptor remote = Objects.requireNonNull(slot.target);
        int at = header(FrameHeader.READ, FLAG_LAST, 0, 0, slot.sequence);
        FrameHeader.target(
                batch.staged(), at, remote.regionId(), remote.generation(), remote.token(), slot.targetOffset);
        batch.staged().set(FrameHeader.LONG, at + FrameHeader.WANTED, slot.length);
        slot.sent = true;
    }

    private void atomic(OperationSlot slot) {
        RegionDescriptor remote = Objects.requireNonNull(slot.target);
        boolean swap = slot.kind == OperationKind.COMPARE_AND_SWAP;
        int at = header(FrameHeader.ATOMIC, swap ? FLAG_LAST | FLAG_SWAP : FLAG_LAST, 0, 0, slot.sequence);
        FrameHeader.target(
                batch.staged(), at, remote.regionId(), remote.generation(), remote.token(), slot.targetOffset);
        batch.staged().set(FrameHeader.LONG, at + FrameHeader.OPERAND, slot.operand);
        batch.staged().set(FrameHeader.LONG, at + FrameHeader.REPLACEMENT, slot.replacement);
        slot.sent = true;
    }

    private void wholeMessage(OperationSlot slot) {
        int bytes = (int) slot.length;
        int at = header(FrameHeader.MESSAGE, FLAG_LAST, 0, bytes, slot.sequence);
        slot.sent = true;
        slot.creditUsed = true;
        body(slot, bytes, at);
    }

    /**
     * Has the wire send a small message that no other frame goes with, so that it needs no batch.
     *
     * @return false if nothing was sent
     */
    boolean alone(OperationSlot slot, int sequence) {
        RegisteredRegion region = slot.region;
        if (slot.kind != OperationKind.SEND
                || slot.length > Math.min(ALONE_BYTES, maxFrameBytes)
                || region == null
                || !region.ownsMemory()) {
            return false;
        }
        int bytes = (int) slot.length;
        long first = FrameHeader.first(FrameHeader.MESSAGE, FLAG_LAST, 0, bytes);
        long second = FrameHeader.second(sequence, acknowledgement.done());
        if (!wire.sendAlone(first, second, region.address() + slot.localOffset, bytes)) {
            return false;
        }
        acknowledgement.say();
        slot.progress = bytes;
        slot.sent = true;
        slot.creditUsed = true;
        return true;
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

    /** The next frame of an answer; its last one marks it as framed. */
    void answer(Response response) {
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
    }

    private int header(int type, int flags, int aux, int length, int sequence) {
        boolean deferred = length > COPIED_BYTES && (type == FrameHeader.WRITE || type == FrameHeader.READ_DATA);
        if (!deferred) {
            batch.endRun();
        }
        int at = batch.position();
        int allFlags = deferred ? flags | FrameHeader.FLAG_DEFERRED : flags;
        FrameHeader.common(batch.staged(), at, type, allFlags, aux, length, sequence, acknowledgement.say());
        batch.advance(FrameHeader.bytes(type));
        return at;
    }
}
