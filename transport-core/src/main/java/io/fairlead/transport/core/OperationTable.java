package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one connection: who is let in, and in what order they go. Every bound of the sending side is checked here, at
 * submission, so that what is queued can always be sent: an operation never waits in the queue for a credit, and so a
 * slow handler at the peer never delays a one-sided operation.
 *
 * <p>Guarded by its own monitor, which is held for a few field accesses only; the loop takes the queue over in one step, and what is
 * submitted on it when nothing else waits goes to what it has already.
 */
final class OperationTable {
    static final long NEVER = Long.MAX_VALUE;
    private static final long LONGEST_NS = Duration.ofDays(1).toNanos();

    private final Limits limits;
    private OperationSlot[] slots = new OperationSlot[0];
    private int[] free = new int[16];
    private int freeCount;
    private int inFlight;
    private long bytesInFlight;
    private int operationsAllowed;
    private SlotQueue queue = new SlotQueue();

    /** What the loop has taken over. What is in it is for the loop only. */
    private SlotQueue takenOver = new SlotQueue();

    /** Whether the queue has something; lets the loop look without the monitor. */
    private volatile boolean queued;

    private Bound lastBound = Bound.OPERATIONS;

    /** Lower than the truth at times, never higher: a scan finds the next one. */
    private volatile long earliestDeadlineNs = NEVER;

    /** Credits that the peer has granted and this side has spent, both since the start. */
    private long messagesAllowed;

    private long messageBytesAllowed;
    private long messagesSpent;
    private long messageBytesSpent;
    private long initialMessages;
    private long initialMessageBytes;

    /** Null while operations are let in, else what the others are told. */
    private @Nullable ErrorCode refusal = ErrorCode.CLOSED;

    OperationTable(Limits limits) {
        this.limits = limits;
    }

    /** Lets operations in, under the smaller of both sides' bounds. */
    synchronized void open(Handshake peer) {
        operationsAllowed = Math.min(limits.maxOperationsInFlight(), peer.operationsInFlight());
        initialMessages = peer.messageCredits();
        initialMessageBytes = Math.min(peer.messageCreditBytes(), Long.MAX_VALUE / 2); // credits are added to it
        messagesAllowed = initialMessages;
        messageBytesAllowed = initialMessageBytes;
        refusal = null;
    }

    synchronized void refuse() {
        refusal = ErrorCode.CLOSED;
    }

    /** Lets nothing in any more, not even replies: nobody would end them. */
    synchronized void end() {
        refusal = ErrorCode.CLOSED;
        operationsAllowed = 0;
    }

    synchronized int operationsAllowed() {
        return operationsAllowed;
    }

    /**
     * Whether an operation may be let in now. Caller holds the monitor.
     *
     * @return 0, or a refusal
     */
    long check(OperationKind kind, long bytes) {
        long refused = refused(kind);
        if (refused != 0) {
            return refused;
        }
        // Replies have as much again to themselves: a side full of its own requests must still answer the other's.
        int allowed = kind == OperationKind.REPLY ? 2 * operationsAllowed : operationsAllowed;
        if (inFlight >= allowed) {
            return backPressured(Bound.OPERATIONS);
        }
        if (bytesInFlight > 0 && bytesInFlight + bytes > limits.maxBytesInFlight()) {
            return backPressured(Bound.BYTES);
        }
        if (kind.takesCredit && messagesSpent >= messagesAllowed) {
            return backPressured(Bound.CREDITS);
        }
        if (kind.takesCredit && !kind.oneSided && messageBytesSpent + bytes > messageBytesAllowed) {
            return backPressured(Bound.CREDIT_BYTES);
        }
        return 0;
    }

    /** Remembers what held back. Caller holds the monitor. */
    long backPressured(Bound bound) {
        lastBound = bound;
        return ErrorCode.BACK_PRESSURED.refusal();
    }

    /** What held back last. */
    synchronized Bound lastBound() {
        return lastBound;
    }

    /** Whether operations of this kind are over. Caller holds the monitor. @return 0, or a refusal */
    long refused(OperationKind kind) {
        ErrorCode refused = refusal;
        // What was asked before a drain may still be answered.
        return refused == null || (kind == OperationKind.REPLY && operationsAllowed > 0) ? 0 : refused.refusal();
    }

    /** Takes a slot and its share of every bound, and queues it. Caller holds the monitor, after {@link #check} said 0. */
    OperationSlot take(OperationKind kind, long bytes, boolean inLoop) {
        if (freeCount == 0) {
            grow();
        }
        OperationSlot slot = slots[free[--freeCount]];
        slot.kind = kind;
        slot.length = bytes;
        inFlight++;
        bytesInFlight += bytes;
        if (kind.takesCredit) {
            messagesSpent++;
            messageBytesSpent += kind.oneSided ? 0 : bytes;
        }
        slot.live = true;
        slot.queued = true;
        if (inLoop && !queued) {
            takenOver.add(slot);
        } else {
            queue.add(slot);
            queued = true;
        }
        return slot;
    }

    /** Sets the times of a slot just taken. Caller holds the monitor. */
    void times(OperationSlot slot, long nowNs, long timeoutNs) {
        slot.startNs = nowNs;
        slot.deadlineNs = nowNs + Math.min(timeoutNs, LONGEST_NS);
        if (slot.deadlineNs - earliestDeadlineNs < 0 || earliestDeadlineNs == NEVER) {
            earliestDeadlineNs = slot.deadlineNs;
        }
    }

    /** A time at or before the first deadline, or {@link #NEVER}. Any thread. */
    long earliestDeadlineNs() {
        return earliestDeadlineNs;
    }

    /** The operations whose time is over and that have not ended. */
    synchronized List<OperationSlot> expired(long nowNs) {
        List<OperationSlot> expired = new ArrayList<>();
        long earliest = NEVER;
        for (OperationSlot slot : slots) {
            if (!slot.live || slot.ended) {
                continue;
            }
            if (nowNs - slot.deadlineNs >= 0) {
                expired.add(slot);
            } else if (earliest == NEVER || slot.deadlineNs - earliest < 0) {
                earliest = slot.deadlineNs;
            }
        }
        earliestDeadlineNs = earliest;
        return expired;
    }

    /** All that have not been given back. */
    synchronized List<OperationSlot> live() {
        List<OperationSlot> live = new ArrayList<>();
        for (OperationSlot slot : slots) {
            if (slot.live) {
                live.add(slot);
            }
        }
        return live;
    }

    private void grow() {
        int before = slots.length;
        int after = Math.max(16, before * 2);
        slots = Arrays.copyOf(slots, after);
        free = Arrays.copyOf(free, after);
        for (int i = after - 1; i >= before; i--) {
            slots[i] = new OperationSlot(i);
            free[freeCount++] = i;
        }
    }

    /** Whether operations wait for the loop. Any thread. */
    boolean hasQueued() {
        return queued;
    }

    /** What goes next, if there is anything. For the loop only, once all is gone that the last call gave. */
    SlotQueue takeOver() {
        if (queued) {
            synchronized (this) {
                queued = false;
                SlotQueue empty = takenOver;
                takenOver = queue;
                queue = empty;
            }
        }
        return takenOver;
    }

    synchronized void give(OperationSlot slot) {
        if (slot.kind.takesCredit && !slot.creditUsed) {
            // It never reached the peer as a message.
            messagesSpent--;
            messageBytesSpent -= slot.kind.oneSided ? 0 : slot.length;
        }
        inFlight--;
        bytesInFlight -= slot.length;
        slot.clear();
        free[freeCount++] = slot.index;
    }

    /** Takes the peer's word on what its handlers finished. @return false if that cannot be */
    synchronized boolean finishedByPeer(long messages, long bytes) {
        if (messages < 0 || messages > messagesSpent || bytes < 0 || bytes > messageBytesSpent) {
            return false;
        }
        messagesAllowed = initialMessages + messages;
        messageBytesAllowed = initialMessageBytes + bytes;
        return true;
    }

    /** The slot of an operation that has not been given back, or null. */
    synchronized @Nullable OperationSlot find(long number) {
        int index = (int) (number & ((1 << OperationSlot.INDEX_BITS) - 1));
        if (number < 0 || index >= slots.length || slots[index].number() != number) {
            return null;
        }
        return slots[index];
    }

    synchronized int inFlight() {
        return inFlight;
    }

    synchronized long creditsLeft() {
        return messagesAllowed - messagesSpent;
    }
}
