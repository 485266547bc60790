package io.fairlead.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Places payloads and acknowledges once per read of the socket. */
final class WriteServing extends ByteToMessageDecoder {
    private final PayloadPlacer placer;
    private long acknowledged;

    WriteServing(MemorySegment region) {
        placer = new PayloadPlacer(region, offset -> offset);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        placer.take(in);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        if (placer.placed() > acknowledged) {
            acknowledged = placer.placed();
            ctx.writeAndFlush(ctx.alloc().ioBuffer(Frame.ACK_BYTES).writeLongLE(acknowledged), ctx.voidPromise());
        }
    }
}
