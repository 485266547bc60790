package io.fairlead.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;

/** The same frames as the raw contestants': length, operation, offset, payload; an acknowledgement is one long. */
final class Frame {
    static final int HEADER_BYTES = 16;
    static final int ACK_BYTES = Long.BYTES;

    /** Up to here frames are copied into one buffer, beyond it the region itself is written. */
    private static final int SMALL_BYTES = 4096;

    private Frame() {}

    static boolean isSmall(int payloadBytes) {
        return payloadBytes <= SMALL_BYTES;
    }

    static ByteBuf putHeader(ByteBuf out, int length, long op, long offset) {
        return out.writeIntLE(length).writeIntLE((int) op).writeLongLE(offset);
    }

    /** The whole region as a buffer that shares its memory. */
    static ByteBuf view(MemorySegment region) {
        return Unpooled.wrappedBuffer(region.asByteBuffer());
    }
}
