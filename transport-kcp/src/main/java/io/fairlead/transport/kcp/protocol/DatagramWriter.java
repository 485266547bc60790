package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Packs segments into the datagrams of a sink. */
final class DatagramWriter {
    private final int conversation;
    private final int headroom;
    private final int mtu;
    private final DatagramSink sink;
    private final KcpStats stats;
    private @Nullable MemorySegment buffer;
    private int used;

    DatagramWriter(int conversation, SegmentLimits limits, DatagramSink sink, KcpStats stats) {
        this.conversation = conversation;
        this.headroom = limits.headroomBytes();
        this.mtu = limits.mtuBytes();
        this.sink = sink;
        this.stats = stats;
    }

    void control(int kind, int stamp, int number, int unacknowledged) {
        MemorySegment to = room(SegmentHeader.BYTES);
        SegmentHeader.write(to, (long) headroom + used, conversation, kind, stamp, number, unacknowledged, 0);
        used += SegmentHeader.BYTES;
    }

    void data(
            int kind, int stamp, int number, int unacknowledged, MemorySegment payload, long offset, int lengthBytes) {
        MemorySegment to = room(SegmentHeader.BYTES + lengthBytes);
        long at = (long) headroom + used;
        SegmentHeader.write(to, at, conversation, kind, stamp, number, unacknowledged, lengthBytes);
        MemorySegment.copy(payload, offset, to, at + SegmentHeader.BYTES, lengthBytes);
        used += SegmentHeader.BYTES + lengthBytes;
    }

    /** Ends the datagram under way, if there is one. */
    void submit() {
        MemorySegment complete = buffer;
        if (complete != null) {
            buffer = null;
            stats.datagramsOut++;
            stats.bytesOut += used;
            sink.submit(complete, headroom, used);
        }
    }

    private MemorySegment room(int bytes) {
        if (used + bytes > mtu) {
            submit();
        }
        MemorySegment current = buffer;
        if (current == null) {
            current = sink.buffer();
            buffer = current;
            used = 0;
        }
        return current;
    }
}
