package io.fairlead.transport.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Send requests in off-heap memory, in the form that {@code ibv_post_send} takes: slots of one {@code ibv_send_wr} and
 * its SGEs, and two words. For each request: one of the operations, then {@link #local} for its buffer, then
 * {@link QueuePair#post(SendRing, int, int)}.
 *
 * <pre>
 * ibv_send_wr: wr_id@0 next@8 sg_list@16 num_sge@24 opcode@28 send_flags@32 imm_data@36
 *              rdma:   remote_addr@40 rkey@48
 *              atomic: remote_addr@40 compare_add@48 swap@56 rkey@64        128 bytes in all
 * ibv_sge:     addr@0 length@8 lkey@12                                       16 bytes
 * </pre>
 *
 * <p>A ring has one writer at a time. It holds no native resource but memory, which the garbage collector frees.
 */
public final class SendRing {
    /** Waits for earlier reads and atomics of the queue pair. */
    public static final int FENCE = 1;
    /** Asks for a completion. Some request in each full send queue must, or the queue never empties. */
    public static final int SIGNALED = 1 << 1;
    /** Makes the peer's receive an event for those who asked for solicited ones only. */
    public static final int SOLICITED = 1 << 2;
    /** The payload is copied while posting; no key is needed, and the buffer is free at once. */
    public static final int INLINE = 1 << 3;

    static final int REQUEST_BYTES = 128;
    static final int SGE_BYTES = 16;
    private static final int WORDS_BYTES = 16;

    private static final int WRITE = 0;
    private static final int WRITE_WITH_IMMEDIATE = 1;
    private static final int SEND = 2;
    private static final int SEND_WITH_IMMEDIATE = 3;
    private static final int READ = 4;
    private static final int COMPARE_AND_SWAP = 5;
    private static final int FETCH_AND_ADD = 6;

    private static final long WR_ID = 0;
    private static final long NEXT = 8;
    private static final long SG_LIST = 16;
    private static final long NUM_SGE = 24;
    private static final long FLAGS = 32;
    private static final long REMOTE_ADDRESS = 40;
    private static final long RDMA_KEY = 48;
    private static final long COMPARE_ADD = 48;
    private static final long SWAP = 56;
    private static final long ATOMIC_KEY = 64;

    private final MemorySegment memory;
    private final long base;
    private final int slots;
    private final int sges;
    private final int wordsAt;
    private final int strideBytes;

    /** A ring of {@code slots} requests with up to {@code sges} local buffers each. */
    public SendRing(int slots, int sges) {
        if (slots < 1 || sges < 1) {
            throw new IllegalArgumentException("slots " + slots + ", SGEs " + sges);
        }
        this.slots = slots;
        this.sges = sges;
        wordsAt = REQUEST_BYTES + sges * SGE_BYTES;
        strideBytes = wordsAt + WORDS_BYTES;
        // Automatic, so that no order of calls lets a post read freed memory.
        memory = Arena.ofAuto().allocate((long) slots * strideBytes, 64);
        base = memory.address();
        for (int slot = 0; slot < slots; slot++) {
            RawMemory.putLong(at(slot) + SG_LIST, at(slot) + REQUEST_BYTES);
        }
    }

    public int slots() {
        return slots;
    }

    /** {@code wrId} comes back in the completion; nothing else in a failed completion tells whose it is. */
    public void write(int slot, long wrId, int flags, long remoteAddress, int remoteKey) {
        rdma(slot, WRITE, wrId, flags, remoteAddress, remoteKey, 0);
    }

    /** A write that also takes a receive of the peer and completes it with {@code immediate}. */
    public void writeWithImmediate(int slot, long wrId, int flags, long remoteAddress, int remoteKey, int immediate) {
        rdma(slot, WRITE_WITH_IMMEDIATE, wrId, flags, remoteAddress, remoteKey, immediate);
    }

    public void read(int slot, long wrId, int flags, long remoteAddress, int remoteKey) {
        rdma(slot, READ, wrId, flags, remoteAddress, remoteKey, 0);
    }

    public void send(int slot, long wrId, int flags) {
        begin(slot, SEND, wrId, flags, 0);
    }

    public void sendWithImmediate(int slot, long wrId, int flags, int immediate) {
        begin(slot, SEND_WITH_IMMEDIATE, wrId, flags, immediate);
    }

    /** The old value of the aligned remote word goes to the 8 bytes of {@link #local}. */
    public void compareAndSwap(
            int slot, long wrId, int flags, long remoteAddress, int remoteKey, long expected, long desired) {
        atomic(slot, COMPARE_AND_SWAP, wrId, flags, remoteAddress, remoteKey, expected, desired);
    }

    /** The old value of the aligned remote word goes to the 8 bytes of {@link #local}. */
    public void fetchAndAdd(int slot, long wrId, int flags, long remoteAddress, int remoteKey, long addend) {
        atomic(slot, FETCH_AND_ADD, wrId, flags, remoteAddress, remoteKey, addend, 0);
    }

    /** Wants a completion of a request that was made without. */
    public void signal(int slot) {
        long flags = at(slot) + FLAGS;
        RawMemory.putInt(flags, RawMemory.getInt(flags) | SIGNALED);
    }

    /** The request's only local buffer: source of a write or send, target of a read or atomic. */
    public void local(int slot, long address, int lengthBytes, int localKey) {
        local(slot, 0, address, lengthBytes, localKey);
    }

    /** Local buffer number {@code index}, and the last so far: give them in order. An operation begins without any. */
    public void local(int slot, int index, long address, int lengthBytes, int localKey) {
        Objects.checkIndex(index, sges);
        long request = at(slot);
        long sge = request + REQUEST_BYTES + (long) index * SGE_BYTES;
        RawMemory.putLong(sge, address);
        RawMemory.putInts(sge + 8, lengthBytes, localKey);
        RawMemory.putInt(request + NUM_SGE, index + 1);
    }

    /**
     * The first local buffer is two words that are kept in the ring, each with its lowest byte first. Without a key: for {@link #INLINE}
     * requests.
     */
    public void localWords(int slot, long first, long second) {
        long words = at(slot) + wordsAt;
        RawMemory.putLittleEndian(words, first);
        RawMemory.putLittleEndian(words + Long.BYTES, second);
        local(slot, 0, words, WORDS_BYTES, 0);
    }

    /** Takes the local buffers from a request that is not posted: it goes without bytes. */
    public void noLocal(int slot) {
        RawMemory.putInt(at(slot) + NUM_SGE, 0);
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

    private void rdma(int slot, int opcode, long wrId, int flags, long remoteAddress, int remoteKey, int immediate) {
        begin(slot, opcode, wrId, flags, immediate);
        long request = at(slot);
        RawMemory.putLong(request + REMOTE_ADDRESS, remoteAddress);
        RawMemory.putInt(request + RDMA_KEY, remoteKey);
    }

    private void atomic(
            int slot, int opcode, long wrId, int flags, long remoteAddress, int remoteKey, long compareAdd, long swap) {
        begin(slot, opcode, wrId, flags, 0);
        long request = at(slot);
        RawMemory.putLong(request + REMOTE_ADDRESS, remoteAddress);
        RawMemory.putLong(request + COMPARE_ADD, compareAdd);
        RawMemory.putLong(request + SWAP, swap);
        RawMemory.putInt(request + ATOMIC_KEY, remoteKey);
    }

    /** @param immediate goes in network order, so that ends of either byte order agree */
    private void begin(int slot, int opcode, long wrId, int flags, int immediate) {
        long request = at(slot);
        RawMemory.putLong(request + WR_ID, wrId);
        RawMemory.putInts(request + NUM_SGE, 0, opcode);
        RawMemory.putInts(request + FLAGS, flags, Integer.reverseBytes(immediate));
    }

    private long at(int slot) {
        return base + (long) Objects.checkIndex(slot, slots) * strideBytes;
    }
}
