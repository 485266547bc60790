package io.fairlead.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Answers read requests by a header and a slice of the region, which is not copied in this process. */
final class ReadServing extends ByteToMessageDecoder {
    private final ByteBuf source;

    ReadServing(MemorySegment region) {
        source = Frame.view(region);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        while (in.readableBytes() >= Frame.HEADER_BYTES) {
            int length = in.readIntLE();
            int op = in.readIntLE();
            long offset = in.readLongLE();
            ByteBuf header = ctx.alloc().ioBuffer(Frame.HEADER_BYTES);
            ctx.write(Frame.putHeader(header, length, op, offset), ctx.voidPromise());
            ctx.write(source.retainedSlice(Math.toIntExact(offset), length), ctx.voidPromise());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        ctx.flush();
    }
}
