package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_DEFERRED;
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
    /** A smaller payload is cheaper to copy from the staging buffer than to read by a call of its own. */
    private static final int DIRECT_BYTES = 8192;

    /** Read beyond a large payload: room for the headers of a run, and at worst so many bytes of a payload to copy. */
    private static final int READ_AHEAD_BYTES = 4 * FrameHeader.MAX_BYTES;

    /** Writes up to this size are put off and made together. */
    private static final int SMALL_BYTES = 1024;

    /** What a header turned out to be. */
    private enum Verdict {
        TAKEN,
        ENDED
    }

    private final Engine engine;
    private final ResponseQueue responses;
    private final MessageAssembly assembly;
    private int maxFrameBytes;

    /** Headers whose payloads are to come, in order; more than one in a run of deferred payloads. */
    private final Placement[] run = new Placement[FrameHeader.MAX_DEFERRED + 1];

    private int runHead;
    private int runCount;

    /** The frame whose header is being looked at, or whose payload is being received. */
    private Placement frame = new Placement();

    /** Sequence of the peer's next operation; ahead of what is carried out while payloads are deferred. */
    private int nextSequence = 1;

    private boolean largePayloads;

    /** Bytes in the staging buffer behind the header being looked at. */
    private long available;

    /** Small writes of the bytes being received, and the grant that they all use: entered once, not for each. */
    private final DeferredCopies copies = new DeferredCopies();

    private @Nullable RegionGrant held;
    private byte[] errorText = new byte[0];

    Inbound(Engine engine, ResponseQueue responses, MessageAssembly assembly, int maxFrameBytes) {
        this.engine = engine;
        this.responses = responses;
        this.assembly = assembly;
        this.maxFrameBytes = maxFrameBytes;
        for (int i = 0; i < run.length; i++) {
            run[i] = new Placement();
        }
    }

    int readAhead() {
        return largePayloads ? READ_AHEAD_BYTES : StagingPool.BYTES;
    }

    /** The frame that is being received, or announced, for the memory of a grant; or null. */
    @Nullable
    Placement using(RegionGrant revoked) {
        if (frame.grant == revoked) {
            return frame;
        }
        for (int i = 0; i < runCount; i++) {
            Placement announced = run[(runHead + i) % run.length];
            if (announced.grant == revoked) {
                return announced;
            }
        }
        return null;
    }

    /** The operation has ended: what comes for it is thrown away. */
    void abandon(OperationSlot slot) {
        for (int i = 0; i < runCount; i++) {
            Placement announced = run[(runHead + i) % run.length];
            if (announced.reading == slot) {
                announced.discard();
            }
        }
        if (frame.reading == slot) {
            frame.discard();
        }
    }

    @Nullable
    ByteBuffer payloadTarget() {
        RegisteredRegion region = frame.sink;
        return region == null || frame.payloadLeft == 0 || frame.frameBytes < DIRECT_BYTES ? null : frame.view(region);
    }

    void payloadReceived(int bytes) {
        frame.sinkOffset += bytes;
        frame.payloadLeft -= bytes;
        if (frame.payloadLeft == 0) {
            finishAll();
        }
    }

    /** Takes what it can of {@code from} up to {@code to}. @return where the rest, less than a header, starts */
    long receive(MemorySegment bytes, long from, long to) {
        try {
            return frames(bytes, from, to);
        } finally {
            place();
        }
    }

    private long frames(MemorySegment bytes, long from, long to) {
        long at = from;
        while (engine.isReading()) {
            if (frame.payloadLeft > 0) {
                int now = (int) Math.min(frame.payloadLeft, to - at);
                if (now == 0) {
                    return at;
                }
                at += payload(bytes, at, now);
                continue;
            }
            if (to - at < FrameHeader.COMMON_BYTES) {
                return at;
            }
            int type = FrameHeader.type(bytes, at);
            int headerBytes = FrameHeader.bytes(type);
            if (headerBytes == 0) {
                engine.violation("unknown frame type " + type);
                return to;
            }
            if (to - at < headerBytes) {
                return at;
            }
            available = to - at - headerBytes;
            if (header(bytes, at, type) == Verdict.ENDED) {
                return to;
            }
            at += headerBytes;
            if (frame.payloadLeft == 0 && !frame.has(FLAG_DEFERRED)) {
                finishAll();
            }
        }
        return to;
    }

    /** The stream has ended: lets go of memory. */
    void end() {
        place();
        for (Placement announced : run) {
            announced.end();
        }
        frame.end();
        frame.payloadLeft = 0;
        runCount = 0;
        assembly.clear();
    }

    private int payload(MemorySegment bytes, long at, int count) {
        Placement now = frame;
        RegisteredRegion region = now.sink;
        if (region != null && now.small) {
            RegionGrant entered = now.grant;
            if (entered != null) {
                place();
                held = entered;
                now.grant = null;
            }
            copies.add(bytes, at, region.segment(), now.sinkOffset, count);
        } else if (region != null) {
            place();
            MemorySegment.copy(bytes, at, region.segment(), now.sinkOffset, count);
            now.sinkOffset += count;
            now.dropView();
        } else if (now.type == FrameHeader.ERROR) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, errorText, errorText.length - now.payloadLeft, count);
        } else if (now.reading == null) {
            if (assembly.takesWhole(now.type, count)) {
                assembly.whole(bytes, at);
            } else {
                assembly.append(bytes, at, count);
            }
        }
        now.payloadLeft -= count;
        if (now.payloadLeft == 0) {
            finishAll();
        }
        return count;
    }

    // ---- headers -----------------------------------------------------------------------------------------------

    private Verdict header(MemorySegment h, long at, int type) {
        Placement f = frame;
        f.type = type;
        f.flags = FrameHeader.flags(h, at);
        f.aux = FrameHeader.aux(h, at);
        f.frameBytes = FrameHeader.length(h, at);
        f.sequence = FrameHeader.sequence(h, at);
        if (!FrameHeader.flagsAllowed(type, f.flags)) {
            return violation("unknown flags 0x" + Integer.toHexString(f.flags) + " on frame type " + type);
        }
        if (f.frameBytes < 0 || f.frameBytes > maxFrameBytes) {
            return violation("frame of " + Integer.toUnsignedString(f.frameBytes) + " bytes, limit maxFrameBytes "
                    + maxFrameBytes);
        }
        if (!engine.acknowledged(FrameHeader.acknowledged(h, at))) {
            return violation("acknowledges what was not sent");
        }
        if (runCount > 0 && type != FrameHeader.WRITE && type != FrameHeader.READ_DATA) {
            return violation("frame type " + type + " in a run of deferred payloads");
        }
        if (type != FrameHeader.WRITE || f.has(FLAG_NOTIFY)) {
            place(); // what comes next may look at the bytes, or tell somebody who does
        }
        f.small = isSmallWhole(f);
        Verdict verdict = switch (type) {
            case FrameHeader.WRITE -> write(f, h, at);
            case FrameHeader.READ -> read(f, h, at);
            case FrameHeader.READ_DATA -> readData(f);
            case FrameHeader.ATOMIC -> atomic(f, h, at);
            case FrameHeader.ATOMIC_RESULT -> atomicResult(f, h, at);
            case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> message(f, h, at);
            case FrameHeader.DATAGRAM -> datagram(f);
            case FrameHeader.CREDIT -> credit(f, h, at);
            case FrameHeader.ERROR -> error(f);
            default -> f.frameBytes == 0 ? Verdict.TAKEN : violation("payload on frame type " + type);
        };
        if (verdict == Verdict.ENDED) {
            return verdict;
        }
        if (f.frameBytes > 0) {
            largePayloads = f.frameBytes >= DIRECT_BYTES;
        }
        if (f.has(FLAG_DEFERRED)) {
            return defer(f);
        }
        f.payloadLeft = f.frameBytes;
        if (runCount > 0) {
            // The end of a run: the payloads deferred before come first.
            append(f);
            frame = takeFirst();
        }
        return verdict;
    }

    private Verdict defer(Placement f) {
        if (runCount == FrameHeader.MAX_DEFERRED || f.frameBytes == 0) {
            return violation("more than " + FrameHeader.MAX_DEFERRED + " deferred payloads, or an empty one");
        }
        f.payloadLeft = f.frameBytes;
        append(f);
        // A placeholder until the next header: it must not look like a frame with a payload, nor like a finished one.
        frame.flags = FLAG_DEFERRED;
        return Verdict.TAKEN;
    }

    /** Puts a frame at the end of the run, and a free one in its place. */
    private void append(Placement f) {
        int slot = (runHead + runCount++) % run.length;
        frame = run[slot];
        run[slot] = f;
        frame.payloadLeft = 0;
    }

    private Placement takeFirst() {
        Placement first = run[runHead];
        run[runHead] = frame;
        runHead = (runHead + 1) % run.length;
        runCount--;
        return first;
    }

    /** The payload of the current frame is complete: so may be others, that have none. */
    private void finishAll() {
        finish(frame);
        while (runCount > 0) {
            frame = takeFirst();
            if (frame.payloadLeft > 0) {
                return;
            }
            finish(frame);
        }
    }

    private Verdict write(Placement f, MemorySegment h, long at) {
        if (assembly.isOpen() || !isNext(f)) {
            return outOfOrder(f);
        }
        f.tag = h.get(FrameHeader.INT, at + FrameHeader.TAG);
        if (f.has(FLAG_NOTIFY) && f.has(FLAG_LAST) && !engine.deliveries().admit(0)) {
            return violation("notification without a credit");
        }
        return enter(f, h, at, Access.REMOTE_WRITE, f.frameBytes) ? Verdict.TAKEN : Verdict.ENDED;
    }

    /** Checks and enters the grant that the header names, and makes it the sink. */
    private boolean enter(Placement f, MemorySegment h, long at, Access access, long bytes) {
        int id = h.get(FrameHeader.INT, at + FrameHeader.REGION);
        long offset = h.get(FrameHeader.LONG, at + FrameHeader.OFFSET);
        RegionGrant target = engine.grants().at(id);
        String refusal = target == null
                ? "unknown region"
                : target.refusal(
                        h.get(FrameHeader.INT, at + FrameHeader.GENERATION),
                        h.get(FrameHeader.LONG, at + FrameHeader.TOKEN),
                        access,
                        offset,
                        bytes,
                        engine.transport().clock());
        boolean entered = target != null && refusal == null && (target == held && f.small || target.enter());
        if (target == null || !entered) {
            engine.refuseAccess(
                    f.sequence,
                    (refusal == null ? "revoked" : refusal) + " (region " + id + ", " + access + " of " + bytes
                            + " bytes at " + offset + ")");
            return false;
        }
        f.grant = target == held && f.small ? null : target;
        f.sink = target.region;
        f.sinkOffset = target.base + offset;
        return true;
    }

    /** Whether a frame is a small write that lies whole behind its header in the staging buffer. */
    private boolean isSmallWhole(Placement f) {
        return f.type == FrameHeader.WRITE
                && !f.has(FLAG_NOTIFY)
                && !f.has(FLAG_DEFERRED)
                && runCount == 0
                && f.frameBytes > 0
                && f.frameBytes <= SMALL_BYTES
                && f.frameBytes <= available;
    }

    /** Makes the copies that were put off, and lets go of the grant that was held for them. */
    private void place() {
        copies.makeAll();
        RegionGrant used = held;
        if (used != null) {
            held = null;
            used.leave();
        }
    }

    private Verdict read(Placement f, MemorySegment h, long at) {
        long wanted = h.get(FrameHeader.LONG, at + FrameHeader.WANTED);
        if (!isOneFrame(f)) {
            return outOfOrder(f);
        }
        if (!enter(f, h, at, Access.REMOTE_READ, wanted)) {
            return Verdict.ENDED;
        }
        Response response = responses.add();
        if (response == null) {
            f.end();
            return violation("more reads in flight than agreed");
        }
        response.atomic = false;
        response.sequence = f.sequence;
        response.grant = f.grant;
        response.offset = f.sinkOffset;
        response.remaining = wanted;
        f.grant = null; // it is the answer's to leave
        f.sink = null;
        return Verdict.TAKEN;
    }

    private Verdict readData(Placement f) {
        OperationSlot slot = engine.awaitedAnswer(f.sequence, true);
        if (slot == null
                || f.frameBytes > slot.length - slot.progress
                || f.has(FLAG_LAST) != (f.frameBytes == slot.length - slot.progress)) {
            return violation("read data that was not asked for");
        }
        f.reading = slot;
        if (!slot.ended) {
            f.sink = slot.region;
            f.sinkOffset = slot.localOffset + slot.progress;
        }
        slot.progress += f.frameBytes;
        if (f.has(FLAG_LAST)) {
            engine.answerBegun(); // the next answer's header may come before this one's payload
        }
        return Verdict.TAKEN;
    }

    private Verdict atomic(Placement f, MemorySegment h, long at) {
        if (!isOneFrame(f)) {
            return outOfOrder(f);
        }
        if ((h.get(FrameHeader.LONG, at + FrameHeader.OFFSET) & 7) != 0) {
            return violation("atomic on a word that is not aligned");
        }
        if (!enter(f, h, at, Access.REMOTE_ATOMIC, 8)) {
            return Verdict.ENDED;
        }
        Response response = responses.add();
        if (response == null) {
            f.end();
            return violation("more atomics in flight than agreed");
        }
        long operand = h.get(FrameHeader.LONG, at + FrameHeader.OPERAND);
        long replacement = h.get(FrameHeader.LONG, at + FrameHeader.REPLACEMENT);
        response.atomic = true;
        response.sequence = f.sequence;
        response.value = AtomicWord.apply(f.sink, f.sinkOffset, f.has(FLAG_SWAP), operand, replacement);
        return Verdict.TAKEN;
    }

    private Verdict atomicResult(Placement f, MemorySegment h, long at) {
        OperationSlot slot = engine.awaitedAnswer(f.sequence, false);
        if (slot == null || f.frameBytes != 0) {
            return violation("the result of an atomic that was not asked for");
        }
        engine.answerBegun();
        engine.answerTaken(slot, h.get(FrameHeader.LONG, at + FrameHeader.VALUE));
        return Verdict.TAKEN;
    }

    private Verdict message(Placement f, MemorySegment h, long at) {
        long total = h.get(FrameHeader.LONG, at + FrameHeader.MESSAGE_BYTES);
        f.requestId = h.get(FrameHeader.LONG, at + FrameHeader.REQUEST_ID);
        if (!isNext(f)) {
            return outOfOrder(f);
        }
        if (assembly.isOpen()) {
            if (!assembly.continues(f.type, f.requestId, total, f.frameBytes, f.has(FLAG_LAST))) {
                return violation("a message that does not go on as it began");
            }
            return Verdict.TAKEN;
        }
        if (total < 0 || total > engine.maxMessageBytes()) {
            return violation("message of " + total + " bytes, limit maxMessageBytes " + engine.maxMessageBytes());
        }
        if (f.type == FrameHeader.REPLY) {
            if (!engine.awaitsReply(f.requestId)) {
                return violation("a reply to a request that is not open");
            }
        } else if (!engine.deliveries().admit(total)) {
            return violation("message of " + total + " bytes without credit");
        }
        if (f.type == FrameHeader.REQUEST && !engine.deliveries().openRequest(f.requestId)) {
            return violation("request id " + f.requestId + " is in use or beyond the agreed operations in flight");
        }
        if (f.frameBytes > total || f.has(FLAG_LAST) != (f.frameBytes == total)) {
            return violation("a message of " + total + " bytes with a frame of " + f.frameBytes);
        }
        return assembly.start(f.type, f.requestId, (int) total, f.frameBytes) ? Verdict.TAKEN : tooLarge(f);
    }

    private Verdict credit(Placement f, MemorySegment h, long at) {
        long messages = h.get(FrameHeader.LONG, at + FrameHeader.CREDIT_MESSAGES);
        long bytes = h.get(FrameHeader.LONG, at + FrameHeader.CREDIT_BYTES);
        if (f.frameBytes != 0 || !engine.credited(messages, bytes)) {
            return violation("credit for messages that were not sent");
        }
        return Verdict.TAKEN;
    }

    private Verdict error(Placement f) {
        if (f.frameBytes > 1024) {
            return violation("error text of " + f.frameBytes + " bytes, limit 1024");
        }
        errorText = new byte[f.frameBytes];
        return Verdict.TAKEN;
    }

    private Verdict datagram(Placement f) {
        if (assembly.isOpen()) {
            return violation("a datagram between the frames of a message");
        }
        return assembly.start(f.type, 0, f.frameBytes, f.frameBytes) ? Verdict.TAKEN : tooLarge(f);
    }

    // ---- ends of frames ----------------------------------------------------------------------------------------

    private void finish(Placement f) {
        OperationSlot read = f.reading;
        f.end();
        boolean last = f.has(FLAG_LAST);
        switch (f.type) {
            case FrameHeader.WRITE -> {
                engine.placed(f.has(FLAG_NOTIFY), f.frameBytes);
                if (last) {
                    engine.carriedOut(f.sequence);
                    if (f.has(FLAG_NOTIFY)) {
                        engine.deliveries().notified(f.tag);
                    }
                }
            }
            case FrameHeader.READ, FrameHeader.ATOMIC -> engine.carriedOut(f.sequence);
            case FrameHeader.READ_DATA -> {
                if (last && read != null) {
                    engine.answerTaken(read, read.length);
                }
            }
            case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> {
                if (last) {
                    engine.carriedOut(f.sequence);
                    assembly.deliver(f.aux);
                }
            }
            case FrameHeader.DATAGRAM -> assembly.deliver(0);
            case FrameHeader.PING -> engine.pinged();
            case FrameHeader.ERROR ->
                engine.peerFailed(ErrorCode.ofNumber(f.aux), f.sequence, new String(errorText, StandardCharsets.UTF_8));
            case FrameHeader.DRAIN -> engine.peerDrains();
            case FrameHeader.BYE -> engine.peerSaidBye();
            default -> {
                // ACK, CREDIT, PONG and ATOMIC_RESULT are done with their headers.
            }
        }
    }

    /** Whether an operation's frame has the sequence that must come next; its last frame moves that on. */
    private boolean isNext(Placement f) {
        if (f.sequence != nextSequence) {
            return false;
        }
        if (f.has(FLAG_LAST)) {
            nextSequence++;
        }
        return true;
    }

    /** Whether it is the next operation, and whole in this frame. */
    private boolean isOneFrame(Placement f) {
        return !assembly.isOpen() && f.has(FLAG_LAST) && f.frameBytes == 0 && isNext(f);
    }

    private Verdict outOfOrder(Placement f) {
        return violation("frame type " + f.type + " with sequence " + Integer.toUnsignedString(f.sequence) + " and "
                + f.frameBytes + " bytes, expected sequence " + Integer.toUnsignedString(nextSequence));
    }

    private Verdict tooLarge(Placement f) {
        return violation("a message of " + f.frameBytes + " bytes does not fit here");
    }

    private Verdict violation(String what) {
        engine.violation(what);
        return Verdict.ENDED;
    }
}
