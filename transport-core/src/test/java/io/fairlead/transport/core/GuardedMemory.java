package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory in which some parts are granted to a peer, and all others must stay as they are: they have a pattern. */
final class GuardedMemory {
    private final MemorySegment memory;
    private final MemorySegment pattern;

    GuardedMemory(int bytes) {
        memory = Arena.global().allocate(bytes, 64);
        byte[] filled = new byte[bytes];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = (byte) (i * 31 + (i >> 8));
        }
        pattern = MemorySegment.ofArray(filled);
    }

    MemorySegment segment() {
        return memory;
    }

    /** Fills all of it anew. */
    void fill() {
        memory.copyFrom(pattern);
    }

    void assertUnchanged(long from, long to) {
        assertThat(MemorySegment.mismatch(memory, from, to, pattern, from, to))
                .as("first change in memory that was not granted")
                .isEqualTo(-1);
    }
}
