package io.fairlead.transport.core;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Small copies put off and made back to back. Payloads of a storage engine lie anywhere, so each copy misses the caches; in a
 * tight loop the processor has several misses under way at once, between the parsing of frames only one. For the loop only.
 */
final class DeferredCopies {
    private static final int CAPACITY = 64;

    private final @Nullable MemorySegment[] from = new @Nullable MemorySegment[CAPACITY];
    private final @Nullable MemorySegment[] to = new @Nullable MemorySegment[CAPACITY];
    private final long[] fromOffset = new long[CAPACITY];
    private final long[] toOffset = new long[CAPACITY];
    private final int[] bytes = new int[CAPACITY];
    private int count;

    void add(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, int length) {
        if (count == CAPACITY) {
            makeAll();
        }
        from[count] = source;
        fromOffset[count] = sourceOffset;
        to[count] = target;
        toOffset[count] = targetOffset;
        bytes[count++] = length;
    }

    /** Makes them, in the order they were added. */
    void makeAll() {
        if (count > 0) {
            makeSome();
        }
    }

    /** Apart, so that where there are none only that is found out. */
    @SuppressWarnings("NullAway") // entries up to count are set
    private void makeSome() {
        int all = count;
        count = 0;
        for (int i = 0; i < all; i++) {
            MemorySegment.copy(from[i], fromOffset[i], to[i], toOffset[i], bytes[i]);
        }
    }

    /** Forgets them, and the memory. */
    void clear() {
        count = 0;
        Arrays.fill(from, null);
        Arrays.fill(to, null);
    }
}
