package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Workload;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Keeps the window full of requests and reads each reply straight into its place; replies come in order. */
final class ReadDriving implements Driving {
    private final int payloadBytes;
    private final ByteBuffer target;
    private final ByteBuffer requests;
    private final ByteBuffer header = Frame.buffer(Frame.HEADER_BYTES);

    ReadDriving(Workload workload, MemorySegment region) {
        payloadBytes = workload.payloadBytes();
        target = Frame.view(region);
        requests = Frame.buffer(workload.inFlight() * Frame.HEADER_BYTES);
    }

    @Override
    public void drive(Lane lane, Wire wire) throws IOException {
        while (!lane.finished()) {
            requests.clear();
            while (lane.mayStart()) {
                long op = lane.next();
                Frame.putHeader(requests, payloadBytes, op, lane.sourceOffset(op));
            }
            wire.writeFully(requests.flip());
            if (lane.inFlight() > 0) {
                wire.readFully(header.clear());
                Frame.slice(target, lane.targetOffset(lane.completedCount()), Frame.length(header, 0));
                wire.readFully(target);
                lane.completed(1);
            }
        }
    }
}
