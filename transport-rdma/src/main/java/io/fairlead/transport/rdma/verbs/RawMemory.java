package io.fairlead.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Fields of structures that verbs read and write, by address. Nothing is checked: for those who have checked the slot that a field belongs
 * to, and keep its memory. All of memory is one constant segment, so that a compiler leaves little more than the access itself, where
 * segments in fields are checked for bounds and for being alive at each.
 */
final class RawMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private RawMemory() {}

    static int getInt(long address) {
        return ALL.get(JAVA_INT_UNALIGNED, address);
    }

    static long getLong(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    static void putInt(long address, int value) {
        ALL.set(JAVA_INT_UNALIGNED, address, value);
    }

    /** Two that stand side by side, at once. */
    static void putInts(long address, int first, int second) {
        putLong(address, LITTLE_ENDIAN ? pair(second, first) : pair(first, second));
    }

    private static long pair(int high, int low) {
        return (long) high << 32 | low & 0xffff_ffffL;
    }

    static void putLittleEndian(long address, long value) {
        putLong(address, LITTLE_ENDIAN ? value : Long.reverseBytes(value));
    }

    static void putLong(long address, long value) {
        ALL.set(JAVA_LONG_UNALIGNED, address, value);
    }
}
