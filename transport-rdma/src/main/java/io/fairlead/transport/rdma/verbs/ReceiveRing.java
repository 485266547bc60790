package io.fairlead.transport.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Receives in off-heap memory, in the form that {@code ibv_post_recv} takes: slots of one {@code ibv_recv_wr} and its
 * SGEs. A slot is filled once and may be posted again and again.
 *
 * <pre>
 * ibv_recv_wr: wr_id@0 next@8 sg_list@16 num_sge@24       32 bytes
 * ibv_sge:     addr@0 length@8 lkey@12                    16 bytes
 * </pre>
 *
 * <p>A ring has one writer at a time. It holds no native resource but memory, which the garbage collector frees.
 */
public final class ReceiveRing {
    static final int REQUEST_BYTES = 32;
    static final int SGE_BYTES = 16;

    private static final long WR_ID = 0;
    private static final long NEXT = 8;
    private static final long SG_LIST = 16;
    private static final long NUM_SGE = 24;

    private final MemorySegment memory;
    private final long base;
    private final int slots;
    private final int sges;
    private final int strideBytes;

    /** A ring of {@code slots} receives with up to {@code sges} buffers each. */
    public ReceiveRing(int slots, int sges) {
        if (slots < 1 || sges < 1) {
            throw new IllegalArgumentException("slots " + slots + ", SGEs " + sges);
        }
        this.slots = slots;
        this.sges = sges;
        strideBytes = REQUEST_BYTES + sges * SGE_BYTES;
        memory = Arena.ofAuto().allocate((long) slots * strideBytes, 64);
        base = memory.address();
        for (int slot = 0; slot < slots; slot++) {
            RawMemory.putLong(at(slot) + SG_LIST, at(slot) + REQUEST_BYTES);
        }
    }

    public int slots() {
        return slots;
    }

    /** Begins a receive without a buffer, as it suffices for a write with immediate. */
    public void receive(int slot, long wrId) {
        long request = at(slot);
        RawMemory.putLong(request + WR_ID, wrId);
        RawMemory.putInt(request + NUM_SGE, 0);
    }

    /** The receive's only buffer. */
    public void local(int slot, long address, int lengthBytes, int localKey) {
        local(slot, 0, address, lengthBytes, localKey);
    }

    /** Buffer number {@code index}, and the last so far: give them in order. */
    public void local(int slot, int index, long address, int lengthBytes, int localKey) {
        Objects.checkIndex(index, sges);
        long request = at(slot);
        long sge = request + REQUEST_BYTES + (long) index * SGE_BYTES;
        RawMemory.putLong(sge, address);
        RawMemory.putInt(sge + 8, lengthBytes);
        RawMemory.putInt(sge + 12, localKey);
        RawMemory.putInt(request + NUM_SGE, index + 1);
    }

    /** Links the slots and returns the address of the first. */
    long chain(int first, int count) {
        if (count < 1 || count > slots) {
            throw new IllegalArgumentException("count is " + count + ", not in 1 to " + slots);
        }
        long current = at(first);
        int slot = first;
        for (int i = 1; i < count; i++) {
            slot = slot + 1 == slots ? 0 : slot + 1;
            long next = at(slot);
            RawMemory.putLong(current + NEXT, next);
            current = next;
        }
        RawMemory.putLong(current + NEXT, 0);
        return at(first);
    }

    MemorySegment memory() {
        return memory;
    }

    private long at(int slot) {
        return base + (long) Objects.checkIndex(slot, slots) * strideBytes;
    }
}
