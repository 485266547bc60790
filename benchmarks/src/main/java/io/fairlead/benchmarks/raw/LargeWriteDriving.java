package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Lane;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Gathers header and payload into one system call per frame; the payload is not copied in this process. */
final class LargeWriteDriving implements Driving {
    private final ByteBuffer source;
    private final ByteBuffer header = Frame.buffer(Frame.HEADER_BYTES);
    private final ByteBuffer[] headerAndPayload;
    private final Acks acks = new Acks();

    LargeWriteDriving(MemorySegment region) {
        source = Frame.view(region);
        headerAndPayload = new ByteBuffer[] {header, source};
    }

    @Override
    public void drive(Lane lane, Wire wire) throws IOException {
        int payloadBytes = lane.workload().payloadBytes();
        while (!lane.finished()) {
            while (lane.mayStart()) {
                long op = lane.next();
                Frame.putHeader(header.clear(), payloadBytes, op, lane.targetOffset(op));
                header.flip();
                Frame.slice(source, lane.sourceOffset(op), payloadBytes);
                wire.writeFully(headerAndPayload);
            }
            if (lane.inFlight() > 0) {
                acks.await(lane, wire);
            }
        }
    }
}
