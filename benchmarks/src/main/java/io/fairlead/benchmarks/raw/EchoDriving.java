package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Regions;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends a slice of the source and reads the reply straight into the target. */
final class EchoDriving implements Driving {
    private final int payloadBytes;
    private final ByteBuffer source;
    private final ByteBuffer target;

    EchoDriving(int payloadBytes, Regions regions) {
        this.payloadBytes = payloadBytes;
        source = Frame.view(regions.source());
        target = Frame.view(regions.target());
    }

    @Override
    public void drive(Lane lane, Wire wire) throws IOException {
        while (lane.mayStart()) {
            long op = lane.next();
            Frame.slice(source, lane.sourceOffset(op), payloadBytes);
            Frame.slice(target, lane.targetOffset(op), payloadBytes);
            wire.writeFully(source);
            wire.readFully(target);
            lane.completed(1);
        }
    }
}
