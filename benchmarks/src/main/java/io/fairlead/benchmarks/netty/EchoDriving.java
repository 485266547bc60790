package io.fairlead.benchmarks.netty;

import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Regions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;

/** Sends a slice of the source and copies the reply into the target. */
final class EchoDriving extends LaneHandler {
    private final ByteBuf source;
    private final ByteBuffer target;
    private long targetOffset;

    EchoDriving(Regions regions) {
        source = Frame.view(regions.source());
        target = regions.target().asByteBuffer();
    }

    @Override
    void fill(Lane lane, ChannelHandlerContext ctx) {
        if (lane.mayStart()) {
            long op = lane.next();
            targetOffset = lane.targetOffset(op);
            ctx.write(
                    source.retainedSlice(
                            (int) lane.sourceOffset(op), lane.workload().payloadBytes()),
                    ctx.voidPromise());
        }
    }

    @Override
    void receive(Lane lane, ByteBuf in) {
        int payloadBytes = lane.workload().payloadBytes();
        if (in.readableBytes() >= payloadBytes) {
            target.clear().position((int) targetOffset).limit((int) targetOffset + payloadBytes);
            in.readBytes(target);
            lane.completed(1);
        }
    }
}
