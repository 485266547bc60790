package io.fairlead.benchmarks.raw;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Reads many frames at a time, copies the payloads to their places, and acknowledges once per read. */
final class SmallWriteServing implements Serving {
    private final ByteBuffer target;
    private final ByteBuffer in = Frame.buffer(Frame.BATCH_BYTES);
    private final ByteBuffer ack = Frame.buffer(Frame.ACK_BYTES);
    private long placed;

    SmallWriteServing(MemorySegment region) {
        target = Frame.view(region);
    }

    @Override
    public void serve(Wire wire) throws IOException {
        while (true) {
            wire.read(in);
            long before = placed;
            placeWholeFrames();
            if (placed > before) {
                ack.clear().putLong(placed);
                wire.writeFully(ack.flip());
            }
        }
    }

    private void placeWholeFrames() {
        int at = 0;
        int end = in.position();
        while (end - at >= Frame.HEADER_BYTES) {
            int length = Frame.length(in, at);
            int next = at + Frame.HEADER_BYTES + length;
            if (next > end) {
                break;
            }
            target.put((int) Frame.offset(in, at), in, at + Frame.HEADER_BYTES, length);
            at = next;
            placed++;
        }
        in.flip().position(at);
        in.compact();
    }
}
