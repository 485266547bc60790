package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_LAST;
import static io.fairlead.transport.core.FrameHeader.FLAG_NOTIFY;
import static io.fairlead.transport.core.FrameHeader.FLAG_SWAP;

import io.fairlead.transport.Access;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.core.ResponseQueue.Response;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes frames apart. A header is checked whole before a byte of its payload is accepted, and tells at once where the
 * payload goes, so the wire can read straight to that place. Everything the peer says is checked against what was agreed; what does
 * not fit ends the connection. For the loop only.
 */
final class Inbound {
    /** Below this a payload is cheaper to take from the staging buffer than by a read of its own. */
    private static final int DIRECT_BYTES = 2048;

    /** What a header turned out to be. */
    private enum Verdict {
        TAKEN,
        ENDED
    }

    private final Engine engine;
    private final ResponseQueue responses;
    private final MessageAssembly assembly;
    private int maxFrameBytes;

    private int type;
    private int flags;
    private int aux;
    private int sequence;
    private int tag;
    private long requestId;
    private int frameBytes;

    /** Payload of the current frame still to come. */
    private int payloadLeft;

    /** Where it goes: a region, else the message in assembly, else nowhere. */
    private @Nullable RegisteredRegion sink;

    private long sinkOffset;
    private @Nullable RegionGrant grant;
    private @Nullable OperationSlot reading;
    private @Nullable ByteBuffer view;
    private long viewOffset;
    private boolean largePayloads;
    private byte[] errorText = new byte[0];

    Inbound(Engine engine, ResponseQueue responses, MessageAssembly assembly, int maxFrameBytes) {
        this.engine = engine;
        this.responses = responses;
        this.assembly = assembly;
        this.maxFrameBytes = maxFrameBytes;
    }

    int readAhead() {
        return largePayloads ? FrameHeader.MAX_BYTES : StagingPool.BYTES;
    }

    /** Whether the memory of a grant is the target of the payload now being received. */
    boolean uses(RegionGrant revoked) {
        return grant == revoked;
    }

    /** Whether the memory of an operation is the target of the payload now being received; it is from now on thrown away. */
    void abandon(OperationSlot slot) {
        if (reading == slot) {
            dropView();
            sink = null;
        }
    }

    @Nullable
    ByteBuffer payloadTarget() {
        RegisteredRegion region = sink;
        if (region == null || payloadLeft < DIRECT_BYTES) {
            return null;
        }
        ByteBuffer target = view;
        if (target == null) {
            viewOffset = sinkOffset;
            target = region.view(sinkOffset, payloadLeft);
            view = target;
        }
        return target;
    }

    void payloadReceived(int bytes) {
        sinkOffset += bytes;
        payloadLeft -= bytes;
        if (payloadLeft == 0) {
            finish();
        }
    }

    /** Takes what it can of {@code from} up to {@code to}. @return where the rest, less than a header, starts */
    long receive(MemorySegment bytes, long from, long to) {
        long at = from;
        while (engine.isReading()) {
            if (payloadLeft > 0) {
                int now = (int) Math.min(payloadLeft, to - at);
                if (now == 0) {
                    return at;
                }
                place(bytes, at, now);
                at += now;
                if (payloadLeft == 0) {
                    finish();
                }
                continue;
            }
            if (to - at < FrameHeader.COMMON_BYTES) {
                return at;
            }
            type = FrameHeader.type(bytes, at);
            int headerBytes = FrameHeader.bytes(type);
            if (headerBytes == 0) {
                engine.violation("unknown frame type " + type);
                return to;
            }
            if (to - at < headerBytes) {
                return at;
            }
            if (header(bytes, at) == Verdict.ENDED) {
                return to;
            }
            at += headerBytes;
            if (payloadLeft == 0) {
                finish();
            } else if (payloadLeft <= to - at && assembly.takesWhole(type, payloadLeft)) {
                assembly.whole(bytes, at);
                at += payloadLeft;
                payloadLeft = 0;
                finish();
            }
        }
        return to;
    }

    /** The stream has ended: lets go of memory. */
    void end() {
        leaveGrant();
        dropView();
        sink = null;
        reading = null;
        payloadLeft = 0;
        assembly.clear();
    }

    private void place(MemorySegment bytes, long at, int count) {
        RegisteredRegion region = sink;
        if (region != null) {
            MemorySegment.copy(bytes, at, region.segment(), sinkOffset, count);
            sinkOffset += count;
            dropView();
        } else if (type == FrameHeader.ERROR) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, errorText, errorText.length - payloadLeft, count);
        } else if (reading == null) {
            assembly.append(bytes, at, count);
        }
        payloadLeft -= count;
    }

    // ---- headers -----------------------------------------------------------------------------------------------

    private Verdict header(MemorySegment h, long at) {
        flags = FrameHeader.flags(h, at);
        aux = FrameHeader.aux(h, at);
        frameBytes = FrameHeader.length(h, at);
        sequence = FrameHeader.sequence(h, at);
        if (!FrameHeader.flagsAllowed(type, flags)) {
            return violation("unknown flags 0x" + Integer.toHexString(flags) + " on frame type " + type);
        }
        if (frameBytes < 0 || frameBytes > maxFrameBytes) {
            return violation("frame of " + Integer.toUnsignedString(frameBytes) + " bytes, limit maxFrameBytes "
                    + maxFrameBytes);
        }
        if (!engine.acknowledged(FrameHeader.acknowledged(h, at))) {
            return violation("acknowledges what was not sent");
        }
        payloadLeft = frameBytes;
        if (frameBytes > 0) {
            largePayloads = frameBytes >= DIRECT_BYTES;
        }
        Verdict verdict = switch (type) {
            case FrameHeader.WRITE -> write(h, at);
            case FrameHeader.READ -> read(h, at);
            case FrameHeader.READ_DATA -> readData();
            case FrameHeader.ATOMIC -> atomic(h, at);
            case FrameHeader.ATOMIC_RESULT -> atomicResult(h, at);
            case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> message(h, at);
            case FrameHeader.DATAGRAM -> assembly.start(type, frameBytes, frameBytes) ? Verdict.TAKEN : tooLarge();
            case FrameHeader.CREDIT -> credit(h, at);
            case FrameHeader.ERROR -> error();
            default -> control();
        };
        if (verdict == Verdict.ENDED) {
            payloadLeft = 0;
        }
        return verdict;
    }

    private Verdict write(MemorySegment h, long at) {
        if (!isNext()) {
            return outOfOrder();
        }
        tag = h.get(FrameHeader.INT, at + FrameHeader.TAG);
        if ((flags & FLAG_NOTIFY) != 0 && !engine.deliveries().admit(0)) {
            return violation("notification without a credit");
        }
        return enter(h, at, Access.REMOTE_WRITE, frameBytes) ? Verdict.TAKEN : Verdict.ENDED;
    }

    /** Checks and enters the grant that the header names, and makes it the sink. */
    private boolean enter(MemorySegment h, long at, Access access, long bytes) {
        int id = h.get(FrameHeader.INT, at + FrameHeader.REGION);
        long offset = h.get(FrameHeader.LONG, at + FrameHeader.OFFSET);
        RegionGrant target = engine.grants().at(id);
        String refusal = target == null
                ? "unknown region"
                : target.enter(
                        h.get(FrameHeader.INT, at + FrameHeader.GENERATION),
                        h.get(FrameHeader.LONG, at + FrameHeader.TOKEN),
                        access,
                        offset,
                        bytes,
                        engine.nowMs());
        if (target == null || refusal != null) {
            engine.refuseAccess(
                    sequence,
                    refusal + " (region " + id + ", " + access + " of " + bytes + " bytes at " + offset + ")");
            return false;
        }
        grant = target;
        sink = target.region;
        sinkOffset = target.base + offset;
        return true;
    }

    private Verdict read(MemorySegment h, long at) {
        long wanted = h.get(FrameHeader.LONG, at + FrameHeader.WANTED);
        if (!isNext() || frameBytes != 0) {
            return outOfOrder();
        }
        if (!enter(h, at, Access.REMOTE_READ, wanted)) {
            return Verdict.ENDED;
        }
        Response response = responses.add();
        if (response == null) {
            leaveGrant();
            return violation("more reads in flight than agreed");
        }
        response.atomic = false;
        response.sequence = sequence;
        response.grant = grant;
        response.offset = sinkOffset;
        response.remaining = wanted;
        grant = null; // it is the answer's to leave
        sink = null;
        return Verdict.TAKEN;
    }

    private Verdict readData() {
        OperationSlot slot = engine.awaitedAnswer(sequence, true);
        if (slot == null
                || frameBytes > slot.length - slot.progress
                || ((flags & FLAG_LAST) != 0) != (frameBytes == slot.length - slot.progress)) {
            return violation("read data that was not asked for");
        }
        reading = slot;
        if (!slot.ended) {
            sink = slot.region;
            sinkOffset = slot.localOffset + slot.progress;
        }
        slot.progress += frameBytes;
        return Verdict.TAKEN;
    }

    private Verdict atomic(MemorySegment h, long at) {
        if (!isNext() || frameBytes != 0) {
            return outOfOrder();
        }
        if ((h.get(FrameHeader.LONG, at + FrameHeader.OFFSET) & 7) != 0) {
            return violation("atomic on a word that is not aligned");
        }
        if (!enter(h, at, Access.REMOTE_ATOMIC, 8)) {
            return Verdict.ENDED;
        }
        Response response = responses.add();
        if (response == null) {
            leaveGrant();
            return violation("more atomics in flight than agreed");
        }
        long operand = h.get(FrameHeader.LONG, at + FrameHeader.OPERAND);
        long replacement = h.get(FrameHeader.LONG, at + FrameHeader.REPLACEMENT);
        response.atomic = true;
        response.sequence = sequence;
        response.value = AtomicWord.apply(sink, sinkOffset, (flags & FLAG_SWAP) != 0, operand, replacement);
        return Verdict.TAKEN;
    }

    private Verdict atomicResult(MemorySegment h, long at) {
        OperationSlot slot = engine.awaitedAnswer(sequence, false);
        if (slot == null || frameBytes != 0) {
            return violation("the result of an atomic that was not asked for");
        }
        engine.answerTaken(slot, h.get(FrameHeader.LONG, at + FrameHeader.VALUE));
        return Verdict.TAKEN;
    }

    private Verdict message(MemorySegment h, long at) {
        long total = h.get(FrameHeader.LONG, at + FrameHeader.MESSAGE_BYTES);
        requestId = h.get(FrameHeader.LONG, at + FrameHeader.REQUEST_ID);
        if (!isNext()) {
            return outOfOrder();
        }
        if (assembly.isOpen()) {
            if (!assembly.continues(type, total, frameBytes, (flags & FLAG_LAST) != 0)) {
                return violation("a message that does not go on as it began");
            }
            return Verdict.TAKEN;
        }
        if (total < 0 || total > engine.maxMessageBytes()) {
            return violation("message of " + total + " bytes, limit maxMessageBytes " + engine.maxMessageBytes());
        }
        if (type != FrameHeader.REPLY && !engine.deliveries().admit(total)) {
            return violation("message of " + total + " bytes without credit");
        }
        if (type == FrameHeader.REQUEST && !engine.deliveries().openRequest(requestId)) {
            return violation("request id " + requestId + " is in use or beyond the agreed operations in flight");
        }
        if (frameBytes > total || ((flags & FLAG_LAST) != 0) != (frameBytes == total)) {
            return violation("a message of " + total + " bytes with a frame of " + frameBytes);
        }
        return assembly.start(type, (int) total, frameBytes) ? Verdict.TAKEN : tooLarge();
    }

    private Verdict credit(MemorySegment h, long at) {
        long messages = h.get(FrameHeader.LONG, at + FrameHeader.CREDIT_MESSAGES);
        long bytes = h.get(FrameHeader.LONG, at + FrameHeader.CREDIT_BYTES);
        if (frameBytes != 0 || !engine.credited(messages, bytes)) {
            return violation("credit for messages that were not sent");
        }
        return Verdict.TAKEN;
    }

    private Verdict error() {
        if (frameBytes > 1024) {
            return violation("error text of " + frameBytes + " bytes, limit 1024");
        }
        errorText = new byte[frameBytes];
        return Verdict.TAKEN;
    }

    private Verdict control() {
        return frameBytes == 0 ? Verdict.TAKEN : violation("payload on frame type " + type);
    }

    // ---- ends of frames ----------------------------------------------------------------------------------------

    private void finish() {
        dropView();
        sink = null;
        leaveGrant();
        boolean last = (flags & FLAG_LAST) != 0;
        switch (type) {
            case FrameHeader.WRITE -> {
                engine.placed(frameBytes);
                if (last) {
                    engine.carriedOut(sequence);
                    if ((flags & FLAG_NOTIFY) != 0) {
                        engine.deliveries().notified(tag);
                    }
                }
            }
            case FrameHeader.READ, FrameHeader.ATOMIC -> engine.carriedOut(sequence);
            case FrameHeader.READ_DATA -> {
                OperationSlot slot = reading;
                reading = null;
                if (last && slot != null) {
                    engine.answerTaken(slot, slot.length);
                }
            }
            case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> {
                if (last) {
                    engine.carriedOut(sequence);
                    assembly.deliver(requestId, aux);
                }
            }
            case FrameHeader.DATAGRAM -> assembly.deliver(0, 0);
            case FrameHeader.PING -> engine.pinged();
            case FrameHeader.ERROR ->
                engine.peerFailed(ErrorCode.ofNumber(aux), sequence, new String(errorText, StandardCharsets.UTF_8));
            case FrameHeader.DRAIN -> engine.peerDrains();
            case FrameHeader.BYE -> engine.peerSaidBye();
            default -> {
                // ACK, CREDIT, PONG and ATOMIC_RESULT are done with their headers.
            }
        }
    }

    private boolean isNext() {
        return sequence == engine.carriedOut() + 1;
    }

    private Verdict outOfOrder() {
        return violation("frame type " + type + " with sequence " + Integer.toUnsignedString(sequence) + ", expected "
                + Integer.toUnsignedString(engine.carriedOut() + 1));
    }

    private Verdict tooLarge() {
        return violation("a message of " + frameBytes + " bytes does not fit here");
    }

    private Verdict violation(String what) {
        engine.violation(what);
        return Verdict.ENDED;
    }

    private void leaveGrant() {
        RegionGrant entered = grant;
        if (entered != null) {
            grant = null;
            entered.leave();
        }
    }

    private void dropView() {
        ByteBuffer used = view;
        RegisteredRegion region = sink;
        if (used != null && region != null) {
            view = null;
            region.returnView(viewOffset, used);
        }
    }
}
