package io.fairlead.benchmarks.raw;

import io.fairlead.benchmarks.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The client's end of the acknowledgements: reads what has come, of which the last whole one says it all. */
final class Acks {
    private final ByteBuffer buffer = Frame.buffer(64 * Frame.ACK_BYTES);

    /** Waits for at least one acknowledgement and counts what it covers. */
    void await(Lane lane, Wire wire) throws IOException {
        do {
            wire.read(buffer);
        } while (buffer.position() < Frame.ACK_BYTES);
        int whole = buffer.position() / Frame.ACK_BYTES * Frame.ACK_BYTES;
        long placed = buffer.getLong(whole - Frame.ACK_BYTES);
        buffer.flip().position(whole);
        buffer.compact();
        lane.completed(placed - lane.completedCount());
    }
}
