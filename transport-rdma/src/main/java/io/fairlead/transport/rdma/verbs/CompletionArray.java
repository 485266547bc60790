package io.fairlead.transport.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Completions in off-heap memory, as {@link CompletionQueue#poll} leaves them, valid until the next poll.
 *
 * <p>Of a failed completion only {@link #wrId} and {@link #status} mean anything; the other fields are what the device
 * happened to leave. So the kind of the request and its connection belong into the work request id.
 *
 * <pre>
 * ibv_wc: wr_id@0 status@8 opcode@12 vendor_err@16 byte_len@20 imm_data@24 qp_num@28 src_qp@32 wc_flags@36    48 bytes
 * </pre>
 */
public final class CompletionArray {
    /** In {@link #opcode}: set for receives, clear for requests of the send queue. */
    public static final int OPCODE_RECEIVE = 1 << 7;

    static final int COMPLETION_BYTES = 48;

    private static final int WITH_IMMEDIATE = 1 << 1;

    private final MemorySegment memory;
    private final long base;
    private final int capacity;

    public CompletionArray(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity is " + capacity);
        }
        this.capacity = capacity;
        memory = Arena.ofAuto().allocate((long) capacity * COMPLETION_BYTES, 64);
        base = memory.address();
    }

    public int capacity() {
        return capacity;
    }

    /** What the request was given as its id. */
    public long wrId(int index) {
        return RawMemory.getLong(at(index));
    }

    public boolean succeeded(int index) {
        return status(index) == 0;
    }

    /** As a number; {@link CompletionStatus#of} names it. */
    public int status(int index) {
        return RawMemory.getInt(at(index) + 8);
    }

    /** {@code enum ibv_wc_opcode}, of a successful completion. */
    public int opcode(int index) {
        return RawMemory.getInt(at(index) + 12);
    }

    /** A number of the device's maker, for a bug report. */
    public int vendorError(int index) {
        return RawMemory.getInt(at(index) + 16);
    }

    /** How much a successful receive or read got. */
    public int byteLength(int index) {
        return RawMemory.getInt(at(index) + 20);
    }

    public boolean hasImmediate(int index) {
        return (RawMemory.getInt(at(index) + 36) & WITH_IMMEDIATE) != 0;
    }

    /** As the peer gave it to {@link SendRing}. */
    public int immediate(int index) {
        return Integer.reverseBytes(RawMemory.getInt(at(index) + 24));
    }

    public int queuePairNumber(int index) {
        return RawMemory.getInt(at(index) + 28);
    }

    long address() {
        return base;
    }

    MemorySegment memory() {
        return memory;
    }

    private long at(int index) {
        return base + (long) Objects.checkIndex(index, capacity) * COMPLETION_BYTES;
    }
}
