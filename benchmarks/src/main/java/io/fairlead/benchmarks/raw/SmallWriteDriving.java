package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Workload;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Copies all frames the window has room for into one buffer and sends them by one system call. */
final class SmallWriteDriving implements Driving {
    private final int payloadBytes;
    private final ByteBuffer source;
    private final ByteBuffer staging;
    private final Acks acks = new Acks();

    SmallWriteDriving(Workload workload, MemorySegment region) {
        payloadBytes = workload.payloadBytes();
        source = Frame.view(region);
        staging = Frame.buffer(workload.inFlight() * (Frame.HEADER_BYTES + payloadBytes));
    }

    @Override
    public void drive(Lane lane, Wire wire) throws IOException {
        while (!lane.finished()) {
            staging.clear();
            while (lane.mayStart()) {
                long op = lane.next();
                Frame.putHeader(staging, payloadBytes, op, lane.targetOffset(op));
                staging.put(staging.position(), source, (int) lane.sourceOffset(op), payloadBytes);
                staging.position(staging.position() + payloadBytes);
            }
            wire.writeFully(staging.flip());
            if (lane.inFlight() > 0) {
                acks.await(lane, wire);
            }
        }
    }
}
