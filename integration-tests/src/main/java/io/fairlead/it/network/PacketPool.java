package io.fairlead.it.network;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The memory of packets on their way, in slots of one size; a copy of a packet shares its slot. One thread. */
final class PacketPool {
    static final int NONE = -1;
    private static final int LINE = 64;

    private final MemorySegment memory;
    private final int slotBytes;
    private final int[] free;
    private final int[] lengthBytes;
    private final byte[] users;
    private int freeCount;

    PacketPool(Arena arena, int packetBytes, int slots) {
        slotBytes = (packetBytes + LINE - 1) / LINE * LINE;
        memory = arena.allocate((long) slotBytes * slots, LINE);
        free = new int[slots];
        lengthBytes = new int[slots];
        users = new byte[slots];
        for (int slot = slots - 1; slot >= 0; slot--) {
            free[freeCount++] = slot;
        }
    }

    boolean isEmpty() {
        return freeCount == 0;
    }

    /** A slot with one user, or {@link #NONE}. */
    int take() {
        if (freeCount == 0) {
            return NONE;
        }
        int slot = free[--freeCount];
        users[slot] = 1;
        return slot;
    }

    void share(int slot) {
        users[slot]++;
    }

    void release(int slot) {
        if (--users[slot] == 0) {
            free[freeCount++] = slot;
        }
    }

    long address(int slot) {
        return memory.address() + (long) slot * slotBytes;
    }

    int slotBytes() {
        return slotBytes;
    }

    int lengthBytes(int slot) {
        return lengthBytes[slot];
    }

    void lengthBytes(int slot, int bytes) {
        lengthBytes[slot] = bytes;
    }

    int unsignedByte(int slot, int at) {
        return Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, (long) slot * slotBytes + at));
    }
}
