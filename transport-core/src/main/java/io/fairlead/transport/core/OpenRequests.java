package io.fairlead.transport.core;

import java.util.Arrays;

/**
 * The peer's requests that have no answer yet. An id is the peer's slot and its generation, so a small array finds it.
 * Thread-safe: handlers answer from any thread.
 */
final class OpenRequests {
    private static final int INDEX_MASK = (1 << OperationSlot.INDEX_BITS) - 1;

    private final int limit;
    private long[] ids = new long[0];
    private int count;

    OpenRequests(int limit) {
        this.limit = limit;
    }

    /** @return false if the id is open already, or beyond what was agreed */
    synchronized boolean open(long id) {
        int index = (int) (id & INDEX_MASK);
        // A peer numbers operations and replies from one table, which holds twice the operations at most.
        if (id < 0 || count >= limit || index >= 4L * limit) {
            return false;
        }
        if (index >= ids.length) {
            int before = ids.length;
            ids = Arrays.copyOf(ids, Math.max(16, Integer.highestOneBit(index) * 2));
            Arrays.fill(ids, before, ids.length, -1);
        }
        if (ids[index] >= 0) {
            return false;
        }
        ids[index] = id;
        count++;
        return true;
    }

    synchronized boolean isOpen(long id) {
        int index = (int) (id & INDEX_MASK);
        return id >= 0 && index < ids.length && ids[index] == id;
    }

    /** @return false if it is not open */
    synchronized boolean close(long id) {
        if (!isOpen(id)) {
            return false;
        }
        ids[(int) (id & INDEX_MASK)] = -1;
        count--;
        return true;
    }

    synchronized int count() {
        return count;
    }
}
