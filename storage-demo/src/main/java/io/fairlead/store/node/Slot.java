package io.fairlead.store.node;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * One piece of a pool's registered memory.
 *
 * @param offset in the pool's region
 */
record Slot(long offset, MemorySegment memory) {
    ByteBuffer bytes(int length) {
        return memory.asSlice(0, length).asByteBuffer();
    }
}
