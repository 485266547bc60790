package io.fairlead.benchmarks.aeron;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import java.lang.foreign.MemorySegment;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Copies fragments of writes straight to their places; no message is assembled. A message starts with its offset. */
final class WriteReceiver implements FragmentHandler {
    static final int HEADER_BYTES = Long.BYTES;

    private final UnsafeBuffer target;
    private int at;
    private long placed;

    WriteReceiver(MemorySegment region) {
        target = new UnsafeBuffer(region.asByteBuffer());
    }

    /** Whole writes placed since the start. */
    long placed() {
        return placed;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        int from = offset;
        int count = length;
        if ((header.flags() & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            at = Math.toIntExact(buffer.getLong(offset));
            from += HEADER_BYTES;
            count -= HEADER_BYTES;
        }
        buffer.getBytes(from, target, at, count);
        at += count;
        if ((header.flags() & FrameDescriptor.END_FRAG_FLAG) != 0) {
            placed++;
        }
    }
}
