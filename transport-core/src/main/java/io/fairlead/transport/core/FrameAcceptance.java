package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_LAST;
import static io.fairlead.transport.core.FrameHeader.FLAG_NOTIFY;
import static io.fairlead.transport.core.FrameHeader.FLAG_SWAP;

import io.fairlead.transport.Access;
import io.fairlead.transport.Limits;
import io.fairlead.transport.core.ResponseQueue.Response;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;

/**
 * Accepts headers, or ends the connection: everything the peer says is checked against what was agreed, and what has no payload is
 * carried out at once. Where there is a payload, its place is known afterwards. For the loop only.
 */
final class FrameAcceptance {
    private static final int MAX_ERROR_BYTES = 1024;

    private final Engine engine;
    private final Initiator initiator;
    private final Deliveries deliveries;
    private final ResponseQueue responses;
    private final MessageAssembly assembly;
    private final SmallWrites smallWrites;
    private final GrantTable grants;
    private final InstantSource clock;
    private final int maxFrameBytes;
    private final int maxMessageBytes;

    /** Sequence of the peer's next operation; ahead of what is carried out while payloads are deferred. */
    private int nextSequence = 1;

    FrameAcceptance(
            Engine engine,
            Initiator initiator,
            Deliveries deliveries,
            ResponseQueue responses,
            MessageAssembly assembly,
            SmallWrites smallWrites,
            Limits limits) {
        this.engine = engine;
        this.initiator = initiator;
        this.deliveries = deliveries;
        this.responses = responses;
        this.assembly = assembly;
        this.smallWrites = smallWrites;
        this.grants = engine.transport().regions().grants();
        this.clock = engine.transport().clock();
        this.maxFrameBytes = limits.maxFrameBytes();
        this.maxMessageBytes = limits.maxMessageBytes();
    }

    /**
     * Accepts a message that has come whole, header and payload: most messages are small, and these are spared the steps of those that come
     * in parts. What it does not accept goes to {@link #accept}, which knows what is wrong with it.
     *
     * @param first of its fields
     * @param second the others
     * @param available bytes behind the header
     * @return false if nothing was accepted
     */
    boolean acceptWhole(long first, long second, long available) {
        int bytes = FrameHeader.length(first);
        if (bytes < 0
                || bytes > available
                || bytes > maxFrameBytes
                || bytes > maxMessageBytes
                || FrameHeader.flags(first) != FLAG_LAST
                || FrameHeader.sequence(second) != nextSequence
                || assembly.isOpen()
                || !initiator.acknowledged(FrameHeader.acknowledged(second))
                || !deliveries.admit(bytes)) {
            return false;
        }
        nextSequence++;
        smallWrites.place();
        return true;
    }

    /**
     * Reads and checks a whole header.
     *
     * @param first of its fields
     * @param available bytes behind the header
     * @param inRun payloads are deferred behind this frame
     * @return false if that ended the connection
     */
    boolean accept(Placement f, MemorySegment h, long at, long first, long available, boolean inRun) {
        int type = FrameHeader.type(first);
        f.type = type;
        f.flags = FrameHeader.flags(first);
        f.aux = FrameHeader.aux(first);
        f.frameBytes = FrameHeader.length(first);
        long second = FrameHeader.second(h, at);
        f.sequence = FrameHeader.sequence(second);
        if (!FrameHeader.flagsAllowed(type, f.flags)) {
            return violation("unknown flags 0x" + Integer.toHexString(f.flags) + " on frame type " + type);
        }
        if (f.frameBytes < 0 || f.frameBytes > maxFrameBytes) {
            return violation("frame of " + Integer.toUnsignedString(f.frameBytes) + " bytes, limit maxFrameBytes "
                    + maxFrameBytes);
        }
        if (!initiator.acknowledged(FrameHeader.acknowledged(second))) {
            return violation("acknowledges what was not sent");
        }
        if (inRun && type != FrameHeader.WRITE && type != FrameHeader.READ_DATA) {
            return violation("frame type " + type + " in a run of deferred payloads");
        }
        if (type != FrameHeader.WRITE || f.has(FLAG_NOTIFY)) {
            smallWrites.place(); // what comes next may look at the bytes, or tell somebody who does
        }
        f.small = !inRun && SmallWrites.takes(f, available);
        return switch (type) {
            case FrameHeader.WRITE -> write(f, h, at);
            case FrameHeader.READ -> read(f, h, at);
            case FrameHeader.READ_DATA -> readData(f);
            case FrameHeader.ATOMIC -> atomic(f, h, at);
            case FrameHeader.ATOMIC_RESULT -> atomicResult(f, h, at);
            case FrameHeader.SEND, FrameHeader.REQUEST, FrameHeader.REPLY -> message(f, h, at);
            case FrameHeader.MESSAGE -> wholeMessage(f);
            case FrameHeader.DATAGRAM -> datagram(f);
            case FrameHeader.CREDIT -> credit(f, h, at);
            case FrameHeader.ERROR -> error(f);
            default -> f.frameBytes == 0 || violation("payload on frame type " + type);
        };
    }

    // ---- the peer's operations on memory -----------------------------------------------------------------------

    private boolean write(Placement f, MemorySegment h, long at) {
        if (assembly.isOpen() || !isNext(f)) {
            return outOfOrder(f);
        }
        f.tag = h.get(FrameHeader.INT, at + FrameHeader.TAG);
        if (f.has(FLAG_NOTIFY) && f.has(FLAG_LAST) && !deliveries.admit(0)) {
            return violation("notification without a credit");
        }
        return enter(f, h, at, Access.REMOTE_WRITE, f.frameBytes);
    }

    /** Checks and enters the grant that the header names, and makes it the sink. */
    private boolean enter(Placement f, MemorySegment h, long at, Access access, long bytes) {
        int id = h.get(FrameHeader.INT, at + FrameHeader.REGION);
        long offset = h.get(FrameHeader.LONG, at + FrameHeader.OFFSET);
        RegionGrant target = grants.at(id);
        String refusal = target == null
                ? "unknown region"
                : target.refusal(
                        h.get(FrameHeader.INT, at + FrameHeader.GENERATION),
                        h.get(FrameHeader.LONG, at + FrameHeader.TOKEN),
                        access,
                        offset,
                        bytes,
                        clock);
        boolean held = target != null && f.small && smallWrites.holds(target);
        if (target == null || refusal != null || !held && !target.enter()) {
            engine.refuseAccess(
                    f.sequence,
                    (refusal == null ? "revoked" : refusal) + " (region " + id + ", " + access + " of " + bytes
                            + " bytes at " + offset + ")");
            return false;
        }
        f.grant = held ? null : target;
        f.sink = target.region;
        f.sinkOffset = target.base + offset;
        return true;
    }

    private boolean read(Placement f, MemorySegment h, long at) {
        long wanted = h.get(FrameHeader.LONG, at + FrameHeader.WANTED);
        if (!isOneFrame(f)) {
            return outOfOrder(f);
        }
        if (!enter(f, h, at, Access.REMOTE_READ, wanted)) {
            return false;
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
        return true;
    }

    private boolean atomic(Placement f, MemorySegment h, long at) {
        if (!isOneFrame(f)) {
            return outOfOrder(f);
        }
        if ((h.get(FrameHeader.LONG, at + FrameHeader.OFFSET) & 7) != 0) {
            return violation("atomic on a word that is not aligned");
        }
        if (!enter(f, h, at, Access.REMOTE_ATOMIC, 8)) {
            return false;
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
        return true;
    }

    // ---- answers to this side's operations ---------------------------------------------------------------------

    private boolean readData(Placement f) {
        OperationSlot slot = initiator.awaitedAnswer(f.sequence, true);
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
            initiator.answerBegun(); // the next answer's header may come before this one's payload
        }
        return true;
    }

    private boolean atomicResult(Placement f, MemorySegment h, long at) {
        OperationSlot slot = initiator.awaitedAnswer(f.sequence, false);
        if (slot == null || f.frameBytes != 0) {
            return violation("the result of an atomic that was not asked for");
        }
        initiator.answerBegun();
        initiator.answerTaken(slot, h.get(FrameHeader.LONG, at + FrameHeader.VALUE));
        return true;
    }

    // ---- messages ----------------------------------------------------------------------------------------------

    private boolean message(Placement f, MemorySegment h, long at) {
        f.requestId = h.get(FrameHeader.LONG, at + FrameHeader.REQUEST_ID);
        return message(f, h.get(FrameHeader.LONG, at + FrameHeader.MESSAGE_BYTES));
    }

    /** From here on it is a SEND, with only one frame. */
    private boolean wholeMessage(Placement f) {
        f.type = FrameHeader.SEND;
        f.requestId = 0;
        return assembly.isOpen() ? outOfOrder(f) : message(f, f.frameBytes);
    }

    private boolean message(Placement f, long total) {
        if (!isNext(f)) {
            return outOfOrder(f);
        }
        if (assembly.isOpen()) {
            return assembly.continues(f.type, f.requestId, total, f.frameBytes, f.has(FLAG_LAST))
                    || violation("a message that does not go on as it began");
        }
        if (total < 0 || total > maxMessageBytes) {
            return violation("message of " + total + " bytes, limit maxMessageBytes " + maxMessageBytes);
        }
        if (f.type == FrameHeader.REPLY) {
            if (!initiator.awaitsReply(f.requestId)) {
                return violation("a reply to a request that is not open");
            }
        } else if (!deliveries.admit(total)) {
            return violation("message of " + total + " bytes without credit");
        }
        if (f.type == FrameHeader.REQUEST && !deliveries.openRequest(f.requestId)) {
            return violation("request id " + f.requestId + " is in use or beyond the agreed operations in flight");
        }
        if (f.frameBytes > total || f.has(FLAG_LAST) != (f.frameBytes == total)) {
            return violation("a message of " + total + " bytes with a frame of " + f.frameBytes);
        }
        return assembly.start(f.type, f.requestId, (int) total, f.frameBytes) || tooLarge(f);
    }

    private boolean datagram(Placement f) {
        if (assembly.isOpen()) {
            return violation("a datagram between the frames of a message");
        }
        return assembly.start(f.type, 0, f.frameBytes, f.frameBytes) || tooLarge(f);
    }

    // ---- control -----------------------------------------------------------------------------------------------

    private boolean credit(Placement f, MemorySegment h, long at) {
        long messages = h.get(FrameHeader.LONG, at + FrameHeader.CREDIT_MESSAGES);
        long bytes = h.get(FrameHeader.LONG, at + FrameHeader.CREDIT_BYTES);
        boolean credited = f.frameBytes == 0 && initiator.credited(messages, bytes);
        return credited || violation("credit for messages that were not sent");
    }

    private boolean error(Placement f) {
        return f.frameBytes <= MAX_ERROR_BYTES
                || violation("error text of " + f.frameBytes + " bytes, limit " + MAX_ERROR_BYTES);
    }

    // ---- order -------------------------------------------------------------------------------------------------

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

    private boolean outOfOrder(Placement f) {
        return violation("frame type " + f.type + " with sequence " + Integer.toUnsignedString(f.sequence) + " and "
                + f.frameBytes + " bytes, expected sequence " + Integer.toUnsignedString(nextSequence));
    }

    private boolean tooLarge(Placement f) {
        return violation("a message of " + f.frameBytes + " bytes does not fit here");
    }

    /** @return false */
    private boolean violation(String what) {
        engine.violation(what);
        return false;
    }
}
