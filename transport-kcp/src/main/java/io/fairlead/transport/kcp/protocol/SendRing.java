package io.fairlead.transport.kcp.protocol;

/**
 * All segments that are not acknowledged, by {@code number & mask}: those in flight, {@code [una, nxt)}, then those queued,
 * {@code [nxt, end)}. A structure of arrays that grows by doubling up to its bound, so that finding a segment
 * costs the same however many there are. What was noted of a segment outlives it until its place is taken again, so
 * that late acknowledgements can be told from forged ones.
 */
final class SendRing {
    /** In {@link #slot}: acknowledged, although one before it is not. */
    static final int ACKNOWLEDGED = -1;

    /** Of {@link #match}. */
    static final int STAMP_LATEST = 0;

    static final int STAMP_EARLIER = 1;
    static final int STAMP_FORGOTTEN = 2;
    static final int STAMP_FORGED = 3;

    static final int FIRST_OF_SEND = 1;
    static final int DROPPABLE = 2;
    static final int SEEN_SPURIOUS = 4;

    private static final int STAMPS = 4;
    private static final int FIRST_CAPACITY = 32;

    final SlotPool pool;
    final TransmissionLists lists = new TransmissionLists(FIRST_CAPACITY);
    int una;
    int nxt;
    int end;
    int mask = FIRST_CAPACITY - 1;
    int[] slot = new int[FIRST_CAPACITY];
    char[] length = new char[FIRST_CAPACITY];
    byte[] fragment = new byte[FIRST_CAPACITY];
    byte[] flags = new byte[FIRST_CAPACITY];
    int[] transmissions = new int[FIRST_CAPACITY];
    int[] order = new int[FIRST_CAPACITY];
    long[] sentNs = new long[FIRST_CAPACITY];
    private int[] stamps = new int[FIRST_CAPACITY * STAMPS];

    // What the rules of other implementations keep for each segment.
    long[] timeoutNs = new long[FIRST_CAPACITY];
    long[] resendNs = new long[FIRST_CAPACITY];
    int[] skips = new int[FIRST_CAPACITY];

    SendRing(SlotPool pool, int firstNumber) {
        this.pool = pool;
        una = firstNumber;
        nxt = firstNumber;
        end = firstNumber;
    }

    int inFlight() {
        return nxt - una;
    }

    int queued() {
        return end - nxt;
    }

    /** In flight and queued. */
    int waiting() {
        return end - una;
    }

    boolean outstanding(int number) {
        return Serial.within(number, una, nxt) && slot[number & mask] != ACKNOWLEDGED;
    }

    /** Queues a segment whose payload is in the slot. */
    void append(int itsSlot, int lengthBytes, int itsFragment, int itsFlags) {
        if (waiting() > mask) {
            grow();
        }
        int index = end++ & mask;
        slot[index] = itsSlot;
        length[index] = (char) lengthBytes;
        fragment[index] = (byte) itsFragment;
        flags[index] = (byte) itsFlags;
        transmissions[index] = 0;
    }

    void noteTransmission(int index, int stamp, long nowNs, int itsOrder) {
        int count = transmissions[index]++;
        stamps[index * STAMPS + (count & STAMPS - 1)] = stamp;
        sentNs[index] = nowNs;
        order[index] = itsOrder;
    }

    int latestStamp(int index) {
        return stamps[index * STAMPS + (transmissions[index] - 1 & STAMPS - 1)];
    }

    /** Which transmission of a segment an echoed stamp speaks of. @param number before {@link #nxt} */
    int match(int number, int stamp) {
        int index = number & mask;
        int count = transmissions[index];
        if (end - number > mask + 1 || end - number <= 0 || count == 0) {
            return STAMP_FORGOTTEN;
        }
        if (latestStamp(index) == stamp) {
            return STAMP_LATEST;
        }
        for (int back = 2; back <= Math.min(count, STAMPS); back++) {
            if (stamps[index * STAMPS + (count - back & STAMPS - 1)] == stamp) {
                return STAMP_EARLIER;
            }
        }
        return count > STAMPS ? STAMP_FORGOTTEN : STAMP_FORGED;
    }

    /** Takes one out of the flight and gives its slot back. */
    void acknowledge(int index) {
        pool.give(slot[index]);
        slot[index] = ACKNOWLEDGED;
    }

    void advance() {
        while (una != nxt && slot[una & mask] == ACKNOWLEDGED) {
            una++;
        }
    }

    /**
     * Takes out the oldest droppable sends that are wholly unsent, until {@code target} segments wait.
     *
     * @return sends dropped
     */
    int drop(int target) {
        int dropped = 0;
        int to = nxt;
        boolean dropping = false;
        boolean begun = false;
        for (int from = nxt; from != end; from++) {
            int index = from & mask;
            if ((flags[index] & FIRST_OF_SEND) != 0) {
                begun = true;
                boolean enough = waiting() - (from - to) <= target;
                dropping = !enough && (flags[index] & DROPPABLE) != 0;
                dropped += dropping ? 1 : 0;
            }
            if (dropping && begun) {
                pool.give(slot[index]);
            } else {
                move(index, to++ & mask);
            }
        }
        end = to;
        return dropped;
    }

    private void move(int from, int to) {
        if (from != to) {
            slot[to] = slot[from];
            length[to] = length[from];
            fragment[to] = fragment[from];
            flags[to] = flags[from];
            transmissions[to] = 0;
        }
    }

    /** Gives all slots back. */
    void clear() {
        for (int number = una; number != end; number++) {
            if (slot[number & mask] != ACKNOWLEDGED) {
                pool.give(slot[number & mask]);
                lists.remove(number & mask);
            }
        }
        una = end;
        nxt = end;
    }

    private void grow() {
        int oldMask = mask;
        int newMask = 2 * mask + 1;
        lists.grow(una, waiting(), oldMask, newMask);
        slot = grown(slot, 1, newMask);
        transmissions = grown(transmissions, 1, newMask);
        order = grown(order, 1, newMask);
        skips = grown(skips, 1, newMask);
        stamps = grown(stamps, STAMPS, newMask);
        sentNs = grown(sentNs, newMask);
        timeoutNs = grown(timeoutNs, newMask);
        resendNs = grown(resendNs, newMask);
        char[] oldLength = length;
        byte[] oldFragment = fragment;
        byte[] oldFlags = flags;
        length = new char[newMask + 1];
        fragment = new byte[newMask + 1];
        flags = new byte[newMask + 1];
        for (int number = una; number != end; number++) {
            length[number & newMask] = oldLength[number & oldMask];
            fragment[number & newMask] = oldFragment[number & oldMask];
            flags[number & newMask] = oldFlags[number & oldMask];
        }
        mask = newMask;
    }

    private int[] grown(int[] old, int width, int newMask) {
        int[] larger = new int[(newMask + 1) * width];
        for (int number = una; number != end; number++) {
            System.arraycopy(old, (number & mask) * width, larger, (number & newMask) * width, width);
        }
        return larger;
    }

    private long[] grown(long[] old, int newMask) {
        long[] larger = new long[newMask + 1];
        for (int number = una; number != end; number++) {
            larger[number & newMask] = old[number & mask];
        }
        return larger;
    }
}
