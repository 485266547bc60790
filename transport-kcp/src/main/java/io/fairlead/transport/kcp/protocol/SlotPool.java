package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Places for the payload of one segment each, shared by the engines of one thread. Memory grows by blocks up to the bound and
 * is kept, so that nothing is allocated in steady state; what many engines do not use at once is not there for each.
 * One thread only.
 */
public final class SlotPool {
    /** Of {@link #take} if the bound is reached. */
    static final int NONE = -1;

    private static final int BLOCK_SHIFT = 5;
    private static final int BLOCK_SLOTS = 1 << BLOCK_SHIFT;

    private final int slotBytes;
    private final int maxSlots;
    private MemorySegment[] blocks = new MemorySegment[4];
    private int[] free = new int[4 * BLOCK_SLOTS];
    private int freeSlots;
    private int slots;

    /**
     * @param slotBytes of each; at least the largest payload that the engines send or take
     * @param maxSlots the bound of the whole pool, rounded up to a multiple of 32
     */
    public SlotPool(int slotBytes, int maxSlots) {
        if (slotBytes < 1 || maxSlots < 1) {
            throw new IllegalArgumentException("slot pool: slotBytes is " + slotBytes + " and maxSlots is " + maxSlots
                    + ", both must be at least 1");
        }
        this.slotBytes = slotBytes;
        this.maxSlots = maxSlots;
    }

    public int slotBytes() {
        return slotBytes;
    }

    public int slotsInUse() {
        return slots - freeSlots;
    }

    /** Allocated so far, used or not. */
    public long allocatedBytes() {
        return (long) slots * slotBytes;
    }

    boolean has(int wanted) {
        return freeSlots + Math.max(0, maxSlots - slots) >= wanted;
    }

    int take() {
        if (freeSlots == 0 && !grow()) {
            return NONE;
        }
        return free[--freeSlots];
    }

    void give(int slot) {
        free[freeSlots++] = slot;
    }

    MemorySegment block(int slot) {
        return blocks[slot >>> BLOCK_SHIFT];
    }

    long offset(int slot) {
        return (long) (slot & BLOCK_SLOTS - 1) * slotBytes;
    }

    private boolean grow() {
        if (slots >= maxSlots) {
            return false;
        }
        int block = slots >>> BLOCK_SHIFT;
        if (block == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * block);
            free = Arrays.copyOf(free, 2 * block * BLOCK_SLOTS);
        }
        blocks[block] = MemorySegment.ofArray(new byte[BLOCK_SLOTS * slotBytes]);
        for (int slot = slots + BLOCK_SLOTS - 1; slot >= slots; slot--) {
            free[freeSlots++] = slot;
        }
        slots += BLOCK_SLOTS;
        return true;
    }
}
