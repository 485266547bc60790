package io.fairlead.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The finaliser of SplitMix64: cheap, stateless pseudo-random numbers for offsets and contents. */
public final class SplitMix {
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    private SplitMix() {}

    public static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }

    /** Fills the segment, whose size is a multiple of eight, with the bytes that belong to the seed. */
    static void fill(MemorySegment segment, long seed) {
        for (long at = 0; at < segment.byteSize(); at += Long.BYTES) {
            segment.set(ValueLayout.JAVA_LONG_UNALIGNED, at, mix(seed + at * GAMMA));
        }
    }
}
