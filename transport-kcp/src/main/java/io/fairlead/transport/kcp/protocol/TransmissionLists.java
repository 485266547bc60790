package io.fairlead.transport.kcp.protocol;

import java.util.Arrays;

/**
 * The outstanding segments by the time of their latest transmission: doubly linked lists through arrays, over the indexes of a {@link
 * SendRing}. Segments whose timeout has the same length share a list, so that the head of a list is always the
 * first of it to time out, and the first to be found lost; nothing ever walks through a list.
 */
final class TransmissionLists {
    static final int LISTS = 32;
    static final int NONE = -1;

    private final int[] heads = new int[LISTS];
    private final int[] tails = new int[LISTS];
    private int[] next;
    private int[] previous;
    private byte[] listOf;
    private int occupied;

    TransmissionLists(int capacity) {
        Arrays.fill(heads, NONE);
        Arrays.fill(tails, NONE);
        next = new int[capacity];
        previous = new int[capacity];
        listOf = new byte[capacity];
        Arrays.fill(listOf, (byte) NONE);
    }

    /** One bit for each list that is not empty. */
    int occupied() {
        return occupied;
    }

    int head(int list) {
        return heads[list];
    }

    int tail(int list) {
        return tails[list];
    }

    /** The list of a segment, or {@link #NONE}. */
    int listOf(int index) {
        return listOf[index];
    }

    void append(int index, int list) {
        int last = tails[list];
        listOf[index] = (byte) list;
        previous[index] = last;
        next[index] = NONE;
        tails[list] = index;
        if (last == NONE) {
            heads[list] = index;
            occupied |= 1 << list;
        } else {
            next[last] = index;
        }
    }

    /** Does nothing if it is in none. */
    void remove(int index) {
        int list = listOf[index];
        if (list == NONE) {
            return;
        }
        listOf[index] = NONE;
        int before = previous[index];
        int after = next[index];
        if (before == NONE) {
            heads[list] = after;
        } else {
            next[before] = after;
        }
        if (after == NONE) {
            tails[list] = before;
        } else {
            previous[after] = before;
        }
        if (before == NONE && after == NONE) {
            occupied &= ~(1 << list);
        }
    }

    /** The ring has become larger: segment {@code from + i} moves from its index under one mask to that under the other. */
    void grow(int from, int count, int oldMask, int newMask) {
        int[] oldNext = next;
        int[] oldPrevious = previous;
        byte[] oldList = listOf;
        next = new int[newMask + 1];
        previous = new int[newMask + 1];
        listOf = new byte[newMask + 1];
        Arrays.fill(listOf, (byte) NONE);
        for (int number = from; number != from + count; number++) {
            int old = number & oldMask;
            int index = number & newMask;
            listOf[index] = oldList[old];
            next[index] = moved(oldNext[old], from, oldMask, newMask);
            previous[index] = moved(oldPrevious[old], from, oldMask, newMask);
        }
        for (int list = 0; list < LISTS; list++) {
            heads[list] = moved(heads[list], from, oldMask, newMask);
            tails[list] = moved(tails[list], from, oldMask, newMask);
        }
    }

    private static int moved(int index, int from, int oldMask, int newMask) {
        return index == NONE ? NONE : from + (index - from & oldMask) & newMask;
    }
}
