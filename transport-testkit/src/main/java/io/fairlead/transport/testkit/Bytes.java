package io.fairlead.transport.testkit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Patterns in memory. */
public final class Bytes {
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private Bytes() {}

    /** Fills with what looks random and depends on the seed alone. */
    public static void fill(MemorySegment memory, long seed) {
        long words = memory.byteSize() / 8;
        for (long i = 0; i < words; i++) {
            memory.set(JAVA_LONG_UNALIGNED, i * 8, word(seed + i));
        }
        for (long i = words * 8; i < memory.byteSize(); i++) {
            memory.set(JAVA_BYTE, i, (byte) word(seed + i));
        }
    }

    private static long word(long of) {
        long z = of * ODD;
        z = (z ^ (z >>> 32)) * ODD;
        return z ^ (z >>> 29);
    }

    /** Fails unless the two ranges are the same, byte for byte. */
    public static void same(String what, MemorySegment expected, MemorySegment actual) {
        long at = expected.mismatch(actual);
        if (at >= 0) {
            throw new AssertionError(what + ": differs at byte " + at + " of " + expected.byteSize() + " (and "
                    + actual.byteSize() + ")");
        }
    }

    /** Whether every byte has this value. */
    public static boolean allAre(byte value, MemorySegment memory) {
        return memory.byteSize() == 0
                || (memory.get(JAVA_BYTE, 0) == value
                        // Equal to itself one byte on: then all are as the first.
                        && MemorySegment.mismatch(memory, 1, memory.byteSize(), memory, 0, memory.byteSize() - 1) < 0);
    }

    /** A message's native copy, freed with the arena. */
    public static MemorySegment of(Arena arena, byte[] bytes) {
        MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 0, bytes.length);
        return memory.asSlice(0, bytes.length);
    }
}
