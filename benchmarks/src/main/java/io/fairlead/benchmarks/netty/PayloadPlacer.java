package io.fairlead.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;

/** Copies payloads to their places as they come, without waiting for whole frames. */
final class PayloadPlacer {
    private final ByteBuffer target;
    private final LongUnaryOperator placeOfFrame;
    private int at;
    private int remaining;
    private long placed;

    /** @param placeOfFrame from the offset in a frame's header to where its payload goes */
    PayloadPlacer(MemorySegment region, LongUnaryOperator placeOfFrame) {
        target = region.asByteBuffer();
        this.placeOfFrame = placeOfFrame;
    }

    /** Whole frames placed since the start. */
    long placed() {
        return placed;
    }

    void take(ByteBuf in) {
        while (remaining > 0 ? in.isReadable() : in.readableBytes() >= Frame.HEADER_BYTES) {
            if (remaining == 0) {
                remaining = in.readIntLE();
                in.skipBytes(Integer.BYTES);
                at = Math.toIntExact(placeOfFrame.applyAsLong(in.readLongLE()));
            }
            int count = Math.min(remaining, in.readableBytes());
            target.clear().position(at).limit(at + count);
            in.readBytes(target);
            at += count;
            remaining -= count;
            if (remaining == 0) {
                placed++;
            }
        }
    }
}
