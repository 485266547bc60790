package io.fairlead.transport.core;

import org.jspecify.annotations.Nullable;

/** A growing ring of slots, first in, first out. Its owner bounds it; not thread-safe. */
final class SlotQueue {
    private @Nullable OperationSlot[] ring = new @Nullable OperationSlot[16];
    private int head;
    private int size;

    void add(OperationSlot slot) {
        if (size == ring.length) {
            @Nullable OperationSlot[] larger = new @Nullable OperationSlot[size * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[(head + i) & (size - 1)];
            }
            ring = larger;
            head = 0;
        }
        ring[(head + size++) & (ring.length - 1)] = slot;
    }

    @Nullable
    OperationSlot peek() {
        return size == 0 ? null : ring[head];
    }

    @Nullable
    OperationSlot poll() {
        if (size == 0) {
            return null;
        }
        OperationSlot first = ring[head];
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return first;
    }

    /** The slot with this sequence, or null. Walks; for failures only. */
    @Nullable
    OperationSlot find(int sequence) {
        for (int i = 0; i < size; i++) {
            OperationSlot slot = ring[(head + i) & (ring.length - 1)];
            if (slot != null && slot.sequence == sequence) {
                return slot;
            }
        }
        return null;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }
}
