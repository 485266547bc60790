package io.fairlead.transport.core;

import io.fairlead.transport.Access;
import io.fairlead.transport.BufferPool.PooledBuffer;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection.State;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.PeerInfo;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.ReplyHandler;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets operations in: checks what this side can check, holds the local region, takes a slot, and wakes the loop. Any
 * thread; answers as the {@code try…} forms do.
 */
final class Submissions {
    private final SoftwareTransport transport;
    private final Engine engine;
    private final OperationTable table;
    private final WaitingRoom waiting;

    Submissions(SoftwareTransport transport, Engine engine, OperationTable table, WaitingRoom waiting) {
        this.transport = transport;
        this.engine = engine;
        this.table = table;
        this.waiting = waiting;
    }

    long oneSided(
            OperationKind kind,
            MemoryRegion local,
            long localOffset,
            RegionDescriptor target,
            long targetOffset,
            long length,
            int tag,
            long timeoutNs,
            Completion completion,
            long context) {
        checkTimeout(timeoutNs);
        Access access = kind == OperationKind.READ ? Access.REMOTE_READ : Access.REMOTE_WRITE;
        long refusal = checkTarget(target, targetOffset, length, access);
        if (refusal != 0) {
            return refusal;
        }
        RegisteredRegion region = own(local);
        refusal = enter(region, localOffset, length, transport.config().limits().maxOperationBytes());
        if (refusal != 0) {
            return refusal;
        }
        synchronized (table) {
            refusal = admit(kind, length);
            if (refusal != 0) {
                region.leave();
                return refusal;
            }
            OperationSlot slot = take(kind, length, timeoutNs);
            slot.region = region;
            slot.localOffset = localOffset;
            slot.target = target;
            slot.targetOffset = targetOffset;
            slot.tag = tag;
            slot.completion = completion;
            slot.context = context;
            return handedOver(slot);
        }
    }

    long atomic(
            OperationKind kind,
            RegionDescriptor target,
            long targetOffset,
            long operand,
            long replacement,
            long timeoutNs,
            Completion completion,
            long context) {
        checkTimeout(timeoutNs);
        long refusal = checkTarget(target, targetOffset, 8, Access.REMOTE_ATOMIC);
        if (refusal == 0 && (targetOffset & 7) != 0) {
            refusal = ErrorCode.MISALIGNED.refusal();
        }
        if (refusal != 0) {
            return refusal;
        }
        synchronized (table) {
            refusal = admit(kind, 8);
            if (refusal != 0) {
                return refusal;
            }
            OperationSlot slot = take(kind, 8, timeoutNs);
            slot.target = target;
            slot.targetOffset = targetOffset;
            slot.operand = operand;
            slot.replacement = replacement;
            slot.completion = completion;
            slot.context = context;
            return handedOver(slot);
        }
    }

    long message(
            OperationKind kind,
            MemoryRegion source,
            long sourceOffset,
            long length,
            long timeoutNs,
            @Nullable Completion completion,
            @Nullable ReplyHandler replyHandler,
            long context,
            @Nullable PooledBuffer lease,
            long requestId) {
        checkTimeout(timeoutNs);
        PeerInfo peer = engine.peer();
        long limit = peer == null ? 0 : peer.maxMessageBytes();
        if (kind == OperationKind.DATAGRAM) {
            limit = Math.min(limit, engine.maxFrameBytes());
        }
        RegisteredRegion region = own(source);
        long refusal = enter(region, sourceOffset, length, limit);
        if (refusal != 0) {
            return refusal;
        }
        synchronized (table) {
            refusal = admit(kind, length);
            if (refusal != 0) {
                region.leave();
                return refusal;
            }
            if (kind == OperationKind.REPLY && !closeRequest(requestId)) {
                region.leave();
                throw notOpen(requestId);
            }
            OperationSlot slot = take(kind, length, timeoutNs);
            slot.region = region;
            slot.localOffset = sourceOffset;
            slot.completion = kind == OperationKind.REQUEST ? null : completion;
            slot.replyHandler = kind == OperationKind.REQUEST ? replyHandler : null;
            slot.context = context;
            slot.lease = lease;
            slot.requestId = requestId;
            return handedOver(slot);
        }
    }

    /** A reply that says why there is none. */
    long refusal(long requestId, byte[] text, long timeoutNs, Completion completion) {
        synchronized (table) {
            long refusal = admit(OperationKind.REPLY, text.length);
            if (refusal != 0) {
                return refusal;
            }
            if (!closeRequest(requestId)) {
                throw notOpen(requestId);
            }
            OperationSlot slot = take(OperationKind.REPLY, text.length, timeoutNs);
            slot.completion = completion;
            slot.refusal = text;
            slot.requestId = requestId;
            return handedOver(slot);
        }
    }

    long fence(long timeoutNs, Completion completion, long context) {
        checkTimeout(timeoutNs);
        synchronized (table) {
            long refusal = admit(OperationKind.FENCE, 0);
            if (refusal != 0) {
                return refusal;
            }
            OperationSlot slot = take(OperationKind.FENCE, 0, timeoutNs);
            slot.completion = completion;
            slot.context = context;
            return handedOver(slot);
        }
    }

    // ---- checks ------------------------------------------------------------------------------------------------

    private IllegalStateException notOpen(long requestId) {
        return new IllegalStateException("request " + requestId + " of " + engine.describe() + " is not open");
    }

    private boolean closeRequest(long requestId) {
        return engine.deliveries().requests().close(requestId);
    }

    /** What the descriptor itself shows. @return 0 or a refusal */
    private long checkTarget(RegionDescriptor target, long offset, long length, Access access) {
        if (!target.covers(offset, length)) {
            return ErrorCode.OUT_OF_BOUNDS.refusal();
        }
        if (!target.rights().allows(access)) {
            return ErrorCode.NO_RIGHT.refusal();
        }
        PeerInfo peer = engine.peer();
        if (peer == null || target.incarnation() != peer.incarnation()) {
            return ErrorCode.STALE_DESCRIPTOR.refusal();
        }
        if (target.providerKey() == null && engine.wire().oneSided() != null) {
            return ErrorCode.STALE_DESCRIPTOR.refusal(); // of another provider
        }
        Instant expiry = target.expiresAt();
        if (expiry != null && transport.clock().millis() >= expiry.toEpochMilli()) {
            return ErrorCode.DESCRIPTOR_EXPIRED.refusal();
        }
        return 0;
    }

    /** Comes before anything is entered, so that throwing leaves nothing behind. */
    private static void checkTimeout(long timeoutNs) {
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("a time-out is positive, not " + timeoutNs + " ns");
        }
    }

    private static RegisteredRegion own(MemoryRegion region) {
        if (region instanceof RegisteredRegion own) {
            return own;
        }
        throw new IllegalArgumentException("not a region of this transport: " + region);
    }

    /** Checks a local range and holds its region. @return 0 or a refusal */
    private long enter(RegisteredRegion region, long offset, long length, long limit) {
        if (!region.covers(offset, length)) {
            return ErrorCode.OUT_OF_BOUNDS.refusal();
        }
        if (length > limit && engine.state() != State.CLOSED) {
            return ErrorCode.TOO_LARGE.refusal();
        }
        if (!region.belongsTo(transport.regions()) || !region.enter()) {
            return ErrorCode.REGION_CLOSED.refusal();
        }
        return 0;
    }

    /** Caller holds the table's monitor. */
    private long admit(OperationKind kind, long length) {
        long refusal = table.check(kind, length);
        if (refusal == 0 && waiting.holdsBack(kind)) {
            refusal = table.backPressured(Bound.WAITING);
        }
        if (refusal == ErrorCode.BACK_PRESSURED.refusal()) {
            transport.metrics().backPressured(kind, table.lastBound());
        }
        return refusal;
    }

    /** Caller holds the table's monitor. */
    private OperationSlot take(OperationKind kind, long length, long timeoutNs) {
        EventLoop loop = engine.wire().loop();
        boolean inLoop = loop.inLoop();
        OperationSlot slot = table.take(kind, length, inLoop);
        table.times(slot, inLoop ? loop.nowNs() : System.nanoTime(), timeoutNs);
        return slot;
    }

    private long handedOver(OperationSlot slot) {
        engine.wire().wantOutput();
        return slot.number();
    }
}
