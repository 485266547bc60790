package io.fairlead.benchmarks.raw;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Answers read requests in order, header and payload gathered into one system call. */
final class ReadServing implements Serving {
    private final ByteBuffer source;
    private final ByteBuffer in = Frame.buffer(Frame.BATCH_BYTES);
    private final ByteBuffer header = Frame.buffer(Frame.HEADER_BYTES);
    private final ByteBuffer[] headerAndPayload;

    ReadServing(MemorySegment region) {
        source = Frame.view(region);
        headerAndPayload = new ByteBuffer[] {header, source};
    }

    @Override
    public void serve(Wire wire) throws IOException {
        while (true) {
            wire.read(in);
            int at = 0;
            for (; in.position() - at >= Frame.HEADER_BYTES; at += Frame.HEADER_BYTES) {
                int length = Frame.length(in, at);
                Frame.slice(source, Frame.offset(in, at), length);
                Frame.putHeader(header.clear(), length, Frame.op(in, at), Frame.offset(in, at));
                header.flip();
                wire.writeFully(headerAndPayload);
            }
            in.flip().position(at);
            in.compact();
        }
    }
}
