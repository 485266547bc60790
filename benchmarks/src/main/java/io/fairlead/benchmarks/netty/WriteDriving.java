package io.fairlead.benchmarks.netty;

import io.fairlead.benchmarks.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.MemorySegment;

/** Sends framed writes: small ones copied into one buffer, large ones as slices of the source region. */
final class WriteDriving extends LaneHandler {
    private final ByteBuf source;

    WriteDriving(MemorySegment region) {
        source = Frame.view(region);
    }

    @Override
    void fill(Lane lane, ChannelHandlerContext ctx) {
        int payloadBytes = lane.workload().payloadBytes();
        if (Frame.isSmall(payloadBytes)) {
            fillCopying(lane, ctx, payloadBytes);
            return;
        }
        while (lane.mayStart()) {
            long op = lane.next();
            ByteBuf header = ctx.alloc().ioBuffer(Frame.HEADER_BYTES);
            ctx.write(Frame.putHeader(header, payloadBytes, op, lane.targetOffset(op)), ctx.voidPromise());
            ctx.write(source.retainedSlice((int) lane.sourceOffset(op), payloadBytes), ctx.voidPromise());
        }
    }

    private void fillCopying(Lane lane, ChannelHandlerContext ctx, int payloadBytes) {
        if (!lane.mayStart()) {
            return;
        }
        int room = lane.workload().inFlight() - lane.inFlight();
        ByteBuf frames = ctx.alloc().ioBuffer(room * (Frame.HEADER_BYTES + payloadBytes));
        while (lane.mayStart()) {
            long op = lane.next();
            Frame.putHeader(frames, payloadBytes, op, lane.targetOffset(op));
            frames.writeBytes(source, (int) lane.sourceOffset(op), payloadBytes);
        }
        ctx.write(frames, ctx.voidPromise());
    }

    @Override
    void receive(Lane lane, ByteBuf in) {
        long placed = lane.completedCount();
        while (in.readableBytes() >= Frame.ACK_BYTES) {
            placed = in.readLongLE();
        }
        lane.completed(placed - lane.completedCount());
    }
}
