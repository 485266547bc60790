package io.fairlead.benchmarks.raw;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Reads a header, then the payload straight into its place in the target, and acknowledges each frame. */
final class LargeWriteServing implements Serving {
    private final ByteBuffer target;
    private final ByteBuffer header = Frame.buffer(Frame.HEADER_BYTES);
    private final ByteBuffer ack = Frame.buffer(Frame.ACK_BYTES);

    LargeWriteServing(MemorySegment region) {
        target = Frame.view(region);
    }

    @Override
    public void serve(Wire wire) throws IOException {
        for (long placed = 1; ; placed++) {
            wire.readFully(header.clear());
            Frame.slice(target, Frame.offset(header, 0), Frame.length(header, 0));
            wire.readFully(target);
            ack.clear().putLong(placed);
            wire.writeFully(ack.flip());
        }
    }
}
