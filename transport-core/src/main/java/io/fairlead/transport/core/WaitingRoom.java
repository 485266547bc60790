package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The operations of a connection that wait for room, in the order they came. One-sided operations may pass messages
 * that wait for credits, so that a slow handler holds nothing up but messages; nothing passes a one-sided operation.
 *
 * <p>Guarded by the monitor of the {@link OperationTable}, which admits.
 */
final class WaitingRoom {
    private final OperationTable table;
    private final int limit;
    private final Supplier<String> where;
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private int holdingBackAll;

    /** Those in the room are being let in, and so hold nobody back. */
    private boolean admitting;

    private volatile long earliestDeadlineNs = Long.MAX_VALUE;
    private volatile boolean occupied;

    /** @param where what errors say of the connection; asked for only then, since time passes far more often */
    WaitingRoom(OperationTable table, int limit, Supplier<String> where) {
        this.table = table;
        this.limit = limit;
        this.where = where;
    }

    /** Whether an operation of this kind would overtake one that waits. Caller holds the table's monitor. */
    boolean holdsBack(OperationKind kind) {
        if (!occupied || admitting || kind == OperationKind.REPLY) {
            return false;
        }
        return passesMessages(kind) ? holdingBackAll > 0 : !waiting.isEmpty();
    }

    /** Nothing may pass it: a one-sided operation, for its order, or a fence, for what it is. */
    private static boolean holdsBackAll(Waiter waiter) {
        return waiter.kind().oneSided || waiter.kind() == OperationKind.FENCE;
    }

    private static boolean passesMessages(OperationKind kind) {
        return kind.oneSided && !kind.takesCredit;
    }

    boolean isEmpty() {
        return !occupied;
    }

    /** @return 0, or a refusal: the room is full, or the end came since the attempt, and nobody would let it out again */
    long enter(Waiter waiter) {
        synchronized (table) {
            long refused = table.refused(waiter.kind());
            if (refused != 0) {
                return refused;
            }
            if (waiting.size() >= limit) {
                return table.backPressured(Bound.WAITING);
            }
            waiting.add(waiter);
            occupied = true;
            holdingBackAll += holdsBackAll(waiter) ? 1 : 0;
            earliestDeadlineNs = Math.min(earliestDeadlineNs, waiter.deadlineNs());
            return 0;
        }
    }

    /** Lets in who can be. On the loop. */
    void admit() {
        if (!occupied) {
            return;
        }
        List<Runnable> afterwards = new ArrayList<>();
        synchronized (table) {
            boolean messagesHeld = false;
            admitting = true;
            for (Iterator<Waiter> all = waiting.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (messagesHeld && !passesMessages(waiter.kind())) {
                    if (holdsBackAll(waiter)) {
                        break;
                    }
                    continue;
                }
                long result = attempt(waiter, afterwards);
                if (result == ErrorCode.BACK_PRESSURED.refusal()) {
                    if (holdsBackAll(waiter)) {
                        break;
                    }
                    messagesHeld = true;
                    continue;
                }
                all.remove();
                holdingBackAll -= holdsBackAll(waiter) ? 1 : 0;
                if (result < 0) {
                    afterwards.add(() -> waiter.refused(result));
                }
            }
            admitting = false;
            occupied = !waiting.isEmpty();
        }
        afterwards.forEach(Runnable::run);
    }

    /** A waiter that throws is out: it answered a request that another has answered meanwhile. */
    private static long attempt(Waiter waiter, List<Runnable> afterwards) {
        try {
            return waiter.attempt();
        } catch (IllegalStateException e) {
            afterwards.add(() ->
                    waiter.fail(new TransportException(ErrorCode.REQUEST_FAILED, String.valueOf(e.getMessage()), e)));
            return 0;
        }
    }

    /** When the first of them must give up; {@link Long#MAX_VALUE} for never. */
    long earliestDeadlineNs() {
        return earliestDeadlineNs;
    }

    /** Fails those whose time is over. On the loop. */
    void expire(long nowNs) {
        if (nowNs - earliestDeadlineNs < 0 || earliestDeadlineNs == Long.MAX_VALUE) {
            return;
        }
        List<Waiter> expired = new ArrayList<>();
        synchronized (table) {
            long earliest = Long.MAX_VALUE;
            for (Iterator<Waiter> all = waiting.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (nowNs - waiter.deadlineNs() >= 0) {
                    all.remove();
                    holdingBackAll -= holdsBackAll(waiter) ? 1 : 0;
                    expired.add(waiter);
                } else {
                    earliest = Math.min(earliest, waiter.deadlineNs());
                }
            }
            earliestDeadlineNs = earliest;
            occupied = !waiting.isEmpty();
        }
        for (Waiter waiter : expired) {
            waiter.fail(new TransportException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    where.get() + ": no room for a " + waiter.kind().tag() + " until its deadline"));
        }
    }

    /** Takes one out, if it still waits. */
    boolean leave(Waiter waiter) {
        synchronized (table) {
            boolean left = waiting.remove(waiter);
            if (left) {
                holdingBackAll -= holdsBackAll(waiter) ? 1 : 0;
                occupied = !waiting.isEmpty();
            }
            return left;
        }
    }

    void failAll(TransportException why) {
        List<Waiter> all;
        synchronized (table) {
            all = List.copyOf(waiting);
            waiting.clear();
            holdingBackAll = 0;
            occupied = false;
            earliestDeadlineNs = Long.MAX_VALUE;
        }
        all.forEach(waiter -> waiter.fail(why));
    }
}
