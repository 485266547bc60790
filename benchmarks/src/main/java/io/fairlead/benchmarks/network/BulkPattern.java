package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.SplitMix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a bulk transfer: a block of pseudo-random ones, over and over. */
final class BulkPattern {
    static final int BYTES = 1 << 20;

    private BulkPattern() {}

    /** Of native memory, as transports like it. */
    static ByteBuffer block() {
        ByteBuffer block = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < BYTES; at += Long.BYTES) {
            block.putLong(at, SplitMix.mix(at * SplitMix.GAMMA));
        }
        return block;
    }
}
