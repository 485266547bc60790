package io.fairlead.benchmarks.netty;

import io.fairlead.benchmarks.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's end of one connection: fills the lane's window at the start and after each read of the socket. */
abstract class LaneHandler extends ByteToMessageDecoder {
    private @Nullable ChannelHandlerContext context;
    private @Nullable Lane lane;

    /** Starts what the window has room for; the caller flushes. */
    abstract void fill(Lane lane, ChannelHandlerContext ctx);

    /** Takes in all it can and counts what has completed. */
    abstract void receive(Lane lane, ByteBuf in);

    final void start(Lane newLane) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        lane = newLane;
        fill(newLane, ctx);
        ctx.flush();
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        Lane driven = lane;
        if (driven == null) {
            throw new IllegalStateException("the server spoke first");
        }
        receive(driven, in);
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        if (lane != null) {
            fill(lane, ctx);
        }
        ctx.flush();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (lane != null) {
            lane.fail(cause);
        }
        ctx.close();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        if (lane != null) {
            lane.fail(new IllegalStateException("the server has closed the connection"));
        }
    }
}
