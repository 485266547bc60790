package io.fairlead.it.network;

import java.util.Arrays;

/** Packets by the time they are due, those of one time by their number: a binary heap over arrays. One thread. */
final class DueQueue {
    private long[] dueNs = new long[1024];
    private long[] number = new long[1024];
    private int[] slot = new int[1024];
    private int size;

    int size() {
        return size;
    }

    void add(long packetDueNs, long packetNumber, int packetSlot) {
        if (size == dueNs.length) {
            dueNs = Arrays.copyOf(dueNs, size * 2);
            number = Arrays.copyOf(number, size * 2);
            slot = Arrays.copyOf(slot, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!isBefore(packetDueNs, packetNumber, parent)) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, packetDueNs, packetNumber, packetSlot);
    }

    /** When the first is due; only if there is one. */
    long firstDueNs() {
        return dueNs[0];
    }

    long firstNumber() {
        return number[0];
    }

    int firstSlot() {
        return slot[0];
    }

    void removeFirst() {
        size--;
        long lastDueNs = dueNs[size];
        long lastNumber = number[size];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(dueNs[child + 1], number[child + 1], child)) {
                child++;
            }
            if (isBefore(lastDueNs, lastNumber, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        put(at, lastDueNs, lastNumber, slot[size]);
    }

    private boolean isBefore(long aDueNs, long aNumber, int b) {
        long difference = aDueNs - dueNs[b];
        return difference < 0 || (difference == 0 && aNumber < number[b]);
    }

    private void move(int from, int to) {
        put(to, dueNs[from], number[from], slot[from]);
    }

    private void put(int at, long itsDueNs, long itsNumber, int itsSlot) {
        dueNs[at] = itsDueNs;
        number[at] = itsNumber;
        slot[at] = itsSlot;
    }
}
