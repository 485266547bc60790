package io.fairlead.benchmarks.netty;

import io.fairlead.benchmarks.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.MemorySegment;

/** Sends read requests that name the source, and places the replies, which come in order. */
final class ReadDriving extends LaneHandler {
    private final PayloadPlacer placer;
    private long nextReply;
    private LaneOffsets offsets = op -> {
        throw new IllegalStateException("reply before the first request");
    };

    private interface LaneOffsets {
        long targetOffset(long op);
    }

    ReadDriving(MemorySegment region) {
        placer = new PayloadPlacer(region, sourceOffset -> offsets.targetOffset(nextReply++));
    }

    @Override
    void fill(Lane lane, ChannelHandlerContext ctx) {
        offsets = lane::targetOffset;
        if (!lane.mayStart()) {
            return;
        }
        int room = lane.workload().inFlight() - lane.inFlight();
        ByteBuf requests = ctx.alloc().ioBuffer(room * Frame.HEADER_BYTES);
        while (lane.mayStart()) {
            long op = lane.next();
            Frame.putHeader(requests, lane.workload().payloadBytes(), op, lane.sourceOffset(op));
        }
        ctx.write(requests, ctx.voidPromise());
    }

    @Override
    void receive(Lane lane, ByteBuf in) {
        placer.take(in);
        lane.completed(placer.placed() - lane.completedCount());
    }
}
