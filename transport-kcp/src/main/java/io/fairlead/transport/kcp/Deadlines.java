package io.fairlead.transport.kcp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When each of many members is next due: a wheel of slots, a millisecond each, of linked members. Setting and changing cost the same
 * for any number of members, and one that is not due soon costs nothing. For one thread.
 */
final class Deadlines {
    static final long NEVER = Long.MAX_VALUE;

    private static final int SLOTS = 1024;
    private static final long SLOT_NS = 1_000_000;

    /** Something that becomes due. Its fields are the wheel's. */
    abstract static class Member {
        private long dueNs = NEVER;
        private int slot = -1;
        private @Nullable Member next;
        private @Nullable Member previous;

        /** The time has come; the member is set no more. */
        abstract void due(long nowNs);
    }

    private final @Nullable Member[] slots = new @Nullable Member[SLOTS];
    private final long[] occupied = new long[SLOTS / Long.SIZE];
    private long servedNs;
    private int members;
    private @Nullable RuntimeException failure;

    Deadlines(long nowNs) {
        servedNs = nowNs;
    }

    int size() {
        return members;
    }

    /** Sets or changes when a member is due; {@link #NEVER} for not at all. */
    void set(Member member, long dueNs) {
        if (member.dueNs == dueNs && (dueNs == NEVER || member.slot >= 0)) {
            return;
        }
        remove(member);
        if (dueNs == NEVER) {
            return;
        }
        member.dueNs = dueNs;
        // What is farther away than the wheel is round waits in its last slot, and is put back when that is reached.
        long ahead = Math.clamp((dueNs - servedNs) / SLOT_NS, 0, SLOTS - 1);
        int slot = (int) ((servedNs / SLOT_NS + ahead) & SLOTS - 1);
        Member first = slots[slot];
        member.slot = slot;
        member.next = first;
        if (first != null) {
            first.previous = member;
        }
        slots[slot] = member;
        occupied[slot / Long.SIZE] |= 1L << slot;
        members++;
    }

    void remove(Member member) {
        int slot = member.slot;
        if (slot < 0) {
            return;
        }
        Member next = member.next;
        Member previous = member.previous;
        if (next != null) {
            next.previous = previous;
        }
        if (previous != null) {
            previous.next = next;
        } else {
            slots[slot] = next;
            if (next == null) {
                occupied[slot / Long.SIZE] &= ~(1L << slot);
            }
        }
        member.next = null;
        member.previous = null;
        member.slot = -1;
        member.dueNs = NEVER;
        members--;
    }

    /** When to call {@link #serve} next, or {@link #NEVER}. */
    long nextNs() {
        if (members == 0) {
            return NEVER;
        }
        int from = (int) (servedNs / SLOT_NS) & SLOTS - 1;
        for (int ahead = 0; ahead < SLOTS; ahead++) {
            int slot = from + ahead & SLOTS - 1;
            long word = occupied[slot / Long.SIZE] >>> slot;
            if (word == 0) {
                ahead += Long.SIZE - 1 - (slot & Long.SIZE - 1);
                continue;
            }
            ahead += Long.numberOfTrailingZeros(word);
            // Who only waits in this slot to be put farther must be put there when it is reached.
            long slotEndNs = (servedNs / SLOT_NS + ahead + 1) * SLOT_NS;
            return ahead < SLOTS ? Math.min(slotEndNs, earliest(from + ahead & SLOTS - 1)) : NEVER;
        }
        return NEVER;
    }

    private long earliest(int slot) {
        long earliest = NEVER;
        for (Member member = slots[slot]; member != null; member = member.next) {
            earliest = Math.min(earliest, member.dueNs);
        }
        return earliest;
    }

    /**
     * Calls the members whose time has come, in no order. They may set themselves and others.
     *
     * @throws RuntimeException the first that a member threw, after all were called
     */
    void serve(long nowNs) {
        long fromSlot = servedNs / SLOT_NS;
        long toSlot = nowNs / SLOT_NS;
        long count = Math.min(toSlot - fromSlot, SLOTS - 1L);
        servedNs = nowNs;
        for (long slot = toSlot - count; slot <= toSlot; slot++) {
            serve((int) slot & SLOTS - 1, nowNs);
        }
        RuntimeException thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
    }

    private void serve(int slot, long nowNs) {
        Member[] waiting = new Member[4];
        int count = 0;
        for (Member member = slots[slot]; member != null; member = member.next) {
            if (count == waiting.length) {
                waiting = Arrays.copyOf(waiting, 2 * count);
            }
            waiting[count++] = member;
        }
        for (int i = 0; i < count; i++) {
            Member member = waiting[i];
            if (member.slot != slot) {
                continue; // another member changed it
            }
            long dueNs = member.dueNs;
            if (dueNs <= nowNs) {
                remove(member);
                call(member, nowNs);
            } else {
                remove(member);
                set(member, dueNs);
            }
        }
    }

    private void call(Member member, long nowNs) {
        try {
            member.due(nowNs);
        } catch (RuntimeException e) {
            failure = failure == null ? e : failure;
        }
    }
}
