package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Segments that have come and were not taken, by {@code number & mask}: those in order, {@code [tail, nxt)}, which wait
 * for the receiver, and those after a gap. Together never more than the window, which is what the peer was told.
 */
final class ReceiveRing {
    static final int ABSENT = -1;

    private static final int FIRST_CAPACITY = 32;

    final SlotPool pool;
    private final int window;
    private final boolean messages;
    private int tail;
    private int nxt;
    private int lastFragment;
    private int mask;
    private int[] slot;
    private char[] length;
    private byte[] fragment;
    private int consumed;

    ReceiveRing(SlotPool pool, int window, boolean messages, int firstNumber) {
        this.pool = pool;
        this.window = window;
        this.messages = messages;
        tail = firstNumber;
        nxt = firstNumber;
        mask = FIRST_CAPACITY - 1;
        slot = absent(FIRST_CAPACITY);
        length = new char[FIRST_CAPACITY];
        fragment = new byte[FIRST_CAPACITY];
    }

    private static int[] absent(int capacity) {
        int[] slots = new int[capacity];
        Arrays.fill(slots, ABSENT);
        return slots;
    }

    /** The next number in order. */
    int next() {
        return nxt;
    }

    /** The first number that was not taken. */
    int tail() {
        return tail;
    }

    int ready() {
        return nxt - tail;
    }

    int freeWindow() {
        return Math.max(0, window - ready());
    }

    boolean inWindow(int number) {
        return Serial.within(number, tail, tail + window);
    }

    boolean has(int number) {
        return Serial.before(number, nxt) || number - tail <= mask && slot[number & mask] != ABSENT;
    }

    /** Whether a segment with this fragment number can stand beside its neighbours, and its message within the window. */
    boolean fits(int number, int itsFragment) {
        if (!messages) {
            return true;
        }
        if (itsFragment >= window) {
            return false;
        }
        int ahead = number - nxt;
        if (ahead < lastFragment) {
            return itsFragment == lastFragment - 1 - ahead; // of the message that has begun
        }
        int before = ahead == 0 ? 0 : held(number - 1) ? fragment[number - 1 & mask] & 0xff : 0;
        boolean fitsBefore = before == 0 || itsFragment == before - 1;
        boolean fitsAfter =
                itsFragment == 0 || !held(number + 1) || (fragment[number + 1 & mask] & 0xff) == itsFragment - 1;
        return fitsBefore && fitsAfter;
    }

    private boolean held(int number) {
        return inWindow(number) && number - tail <= mask && slot[number & mask] != ABSENT;
    }

    /** Keeps a segment of the window that is not there yet. @return false if there is no slot for it */
    boolean store(int number, int itsFragment, MemorySegment from, long offset, int lengthBytes) {
        while (number - tail > mask) {
            grow();
        }
        int free = pool.take();
        if (free == SlotPool.NONE) {
            return false;
        }
        int index = number & mask;
        MemorySegment.copy(from, offset, pool.block(free), pool.offset(free), lengthBytes);
        slot[index] = free;
        length[index] = (char) lengthBytes;
        fragment[index] = (byte) itsFragment;
        return true;
    }

    /** The next in order was taken where it lay. */
    void passNext(int itsFragment) {
        lastFragment = itsFragment;
        nxt++;
        tail++;
        consumed = 0;
    }

    /** What follows in order, now that a gap may be filled, becomes ready. */
    void advance() {
        while (nxt - tail <= mask && slot[nxt & mask] != ABSENT && ready() < window) {
            lastFragment = fragment[nxt & mask] & 0xff;
            nxt++;
        }
    }

    MemorySegment headBlock() {
        return pool.block(slot[tail & mask]);
    }

    /** Where the bytes of the first ready segment begin that were not taken. */
    long headOffset() {
        return pool.offset(slot[tail & mask]) + consumed;
    }

    int headLength() {
        return length[tail & mask] - consumed;
    }

    int headFragment() {
        return messages ? fragment[tail & mask] & 0xff : 0;
    }

    /** Bytes of the next in order that the receiver took, although there was no slot for the rest. */
    int consumed() {
        return consumed;
    }

    void consume(int bytes) {
        consumed += bytes;
    }

    void removeHead() {
        int index = tail & mask;
        pool.give(slot[index]);
        slot[index] = ABSENT;
        tail++;
        consumed = 0;
    }

    /** Bytes of the first whole message, or of the first ready segment in stream mode; negative if there is none. */
    int readyBytes() {
        if (tail == nxt) {
            return -1;
        }
        int last = headFragment();
        if (last >= ready()) {
            return -1;
        }
        int bytes = -consumed;
        for (int number = tail; number != tail + last + 1; number++) {
            bytes += length[number & mask];
        }
        return bytes;
    }

    /** Whether what waits first is a message of which a part is still to come. */
    boolean headIncomplete() {
        return ready() > 0 && headFragment() >= ready();
    }

    void clear() {
        for (int index = 0; index <= mask; index++) {
            if (slot[index] != ABSENT) {
                pool.give(slot[index]);
                slot[index] = ABSENT;
            }
        }
        tail = nxt;
    }

    private void grow() {
        int newMask = 2 * mask + 1;
        int[] newSlot = absent(newMask + 1);
        char[] newLength = new char[newMask + 1];
        byte[] newFragment = new byte[newMask + 1];
        for (int number = tail; number != tail + mask + 1; number++) {
            newSlot[number & newMask] = slot[number & mask];
            newLength[number & newMask] = length[number & mask];
            newFragment[number & newMask] = fragment[number & mask];
        }
        slot = newSlot;
        length = newLength;
        fragment = newFragment;
        mask = newMask;
    }
}
