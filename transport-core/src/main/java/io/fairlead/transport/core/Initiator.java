package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * This side's operations from their first frame on, and what the peer says of them: it acknowledges and answers in the
 * order of submission, and replies in any. For the loop only.
 */
final class Initiator {
    private final Engine engine;
    private final OperationTable table;
    private final Completions completions;
    private final TransportMetrics metrics;
    private final boolean settledByWire;

    /** Framed and waiting to be acknowledged, in order. */
    private final SlotQueue unacknowledged = new SlotQueue();

    /** Reads and atomics waiting for their answers, in order. */
    private final SlotQueue unanswered = new SlotQueue();

    private int lastFramed;
    private int lastAcknowledged;

    /** The operation whose access the peer refused, by which the connection ends; else 0. */
    private int refusedSequence;

    /** The same, of an operation past the frames. */
    private @Nullable OperationSlot refusedOneSided;

    Initiator(Engine engine, OperationTable table, Completions completions, TransportMetrics metrics) {
        this.engine = engine;
        this.table = table;
        this.completions = completions;
        this.metrics = metrics;
        this.settledByWire = engine.wire().settles();
    }

    // ---- on the way out ----------------------------------------------------------------------------------------

    boolean allBeforeEnded() {
        return completions.allStartedEnded();
    }

    void fencePassed(OperationSlot slot) {
        completions.end(slot, null, 0);
        completions.giveBack(slot);
    }

    /** An operation that ended while it was queued has left the queue. */
    void forget(OperationSlot slot) {
        completions.giveBack(slot);
    }

    /** The first frame of an operation is about to be made. */
    void started() {
        completions.started();
    }

    /** The last frame of an operation is made. */
    void framed(OperationSlot slot) {
        switch (slot.kind) {
            case DATAGRAM -> {
                if (slot.viewsOut == 0) {
                    completions.end(slot, null, slot.length);
                }
                completions.giveBack(slot);
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
        completions.releaseIfIdle(slot);
    }

    // ---- past the frames ---------------------------------------------------------------------------------------

    /** The wire has taken a part of an operation on memory; until it says how that ended, its memory is in use. */
    void posted(OperationSlot slot, boolean last) {
        slot.viewsOut++;
        if (!slot.started) {
            slot.started = true;
            completions.started();
        }
        if (last) {
            slot.queued = false;
            slot.sent = true;
            slot.awaited = true;
            slot.creditUsed = slot.kind.takesCredit;
        }
    }

    /** An operation on memory has ended with only some of its parts taken: there will be no more of them. */
    void cutShort(OperationSlot slot) {
        slot.queued = false;
        slot.sent = true;
        completions.releaseIfIdle(slot);
        completions.giveBack(slot);
    }

    void oneSidedDone(OperationSlot slot, long value) {
        if (slot.kind == OperationKind.READ && !slot.ended) {
            metrics.bytesIn(OperationKind.READ, slot.length);
        }
        completions.end(slot, null, value);
        oneSidedOver(slot);
    }

    void oneSidedRefused(OperationSlot slot) {
        refusedOneSided = slot;
    }

    /** Nothing touches its memory from here any more. */
    void oneSidedOver(OperationSlot slot) {
        slot.viewsOut--;
        slot.awaited = false;
        completions.releaseIfIdle(slot);
        completions.giveBack(slot);
    }

    // ---- views -------------------------------------------------------------------------------------------------

    /** A view of the source has left, or never will. */
    void viewSent(OperationSlot slot) {
        slot.viewsOut--;
        if (slot.kind == OperationKind.DATAGRAM && slot.viewsOut == 0) {
            completions.end(slot, null, slot.length);
        }
        completions.releaseIfIdle(slot);
        completions.giveBack(slot);
    }

    // ---- what the peer says ------------------------------------------------------------------------------------

    /** @return false if the peer acknowledges what was not sent */
    boolean acknowledged(int sequence) {
        if (sequence == lastAcknowledged) {
            return true;
        }
        if (sequence - lastAcknowledged < 0 || lastFramed - sequence < 0) {
            return false;
        }
        lastAcknowledged = sequence;
        if (!settledByWire) {
            settle();
        }
        return true;
    }

    /** Ends what the peer has acknowledged. */
    void settle() {
        for (OperationSlot slot = unacknowledged.peek();
                slot != null && lastAcknowledged - slot.sequence >= 0;
                slot = unacknowledged.peek()) {
            unacknowledged.poll();
            slot.awaited = false;
            completions.end(slot, null, slot.length);
            completions.giveBack(slot);
        }
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
        completions.end(slot, null, value);
        completions.giveBack(slot);
    }

    /** Whether a request has this number and no reply yet. */
    boolean awaitsReply(long requestId) {
        return openRequest(requestId) != null;
    }

    private @Nullable OperationSlot openRequest(long requestId) {
        OperationSlot slot = table.find(requestId);
        return slot != null && slot.kind == OperationKind.REQUEST && slot.awaited ? slot : null;
    }

    void replied(long requestId, @Nullable ErrorCode refusal, MemorySegment bytes, long offset, int length) {
        OperationSlot slot = openRequest(requestId);
        if (slot == null) {
            engine.violation("a reply to a request that is not open");
            return;
        }
        slot.awaited = false;
        if (!slot.ended) {
            if (refusal == null) {
                completions.endRequest(slot, engine.connection().reply(bytes, offset, length));
            } else {
                String text = new String(
                        bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
                completions.end(slot, new TransportException(refusal, engine.describe() + ": " + text), 0);
            }
        }
        completions.giveBack(slot);
    }

    /** @return false if the peer finished what was not sent */
    boolean credited(long messages, long bytes) {
        if (!table.finishedByPeer(messages, bytes)) {
            return false;
        }
        engine.wire().wantOutput();
        return true;
    }

    /** The peer ends the connection for this operation, or 0 for none in particular. */
    void refused(int sequence) {
        refusedSequence = sequence;
    }

    // ---- ends before their time --------------------------------------------------------------------------------

    void cancel(long number) {
        OperationSlot slot = table.find(number);
        if (slot != null && !slot.ended) {
            completions.giveUp(slot, ErrorCode.CANCELLED, "it was cancelled");
            completions.giveBack(slot);
            engine.wire().wantOutput();
        }
    }

    /** Ends what has not ended in time. */
    void expire(long nowNs) {
        long earliest = table.earliestDeadlineNs();
        if (earliest == OperationTable.NEVER || nowNs - earliest < 0) {
            return;
        }
        for (OperationSlot slot : table.expired(nowNs)) {
            completions.giveUp(slot, ErrorCode.DEADLINE_EXCEEDED, "its deadline has passed");
        }
    }

    /** The connection has ended. */
    void endAll(TransportException cause) {
        settle();
        for (OperationSlot slot : table.live()) {
            boolean refused =
                    slot == refusedOneSided || refusedSequence != 0 && slot.started && slot.sequence == refusedSequence;
            completions.endWith(cause, slot, refused);
        }
    }
}
