package io.fairlead.benchmarks.raw;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The frames of the raw contestants. A write is a header and its payload, a read request is a header, and its reply is the
 * header again with the payload. An acknowledgement is one long: how many writes have been placed since the start.
 *
 * <pre>
 *   0        4        8                 16
 *   +--------+--------+-----------------+
 *   | length | op     | offset          |  payload...
 *   +--------+--------+-----------------+
 * </pre>
 */
final class Frame {
    static final int HEADER_BYTES = 16;
    static final int ACK_BYTES = Long.BYTES;
    static final int BATCH_BYTES = 64 * 1024;

    private static final int LENGTH_AT = 0;
    private static final int OP_AT = 4;
    private static final int OFFSET_AT = 8;

    /** Up to here one copy through a buffer that many frames share is cheaper than a system call per part. */
    private static final int SMALL_BYTES = 4096;

    private Frame() {}

    static boolean isSmall(int payloadBytes) {
        return payloadBytes <= SMALL_BYTES;
    }

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A view of the whole region, to be positioned by its user. */
    static ByteBuffer view(MemorySegment region) {
        return region.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes a header at the position and moves behind it. */
    static void putHeader(ByteBuffer out, int length, long op, long offset) {
        out.putInt(length).putInt((int) op).putLong(offset);
    }

    static int length(ByteBuffer in, int at) {
        return in.getInt(at + LENGTH_AT);
    }

    static int op(ByteBuffer in, int at) {
        return in.getInt(at + OP_AT);
    }

    static long offset(ByteBuffer in, int at) {
        return in.getLong(at + OFFSET_AT);
    }

    /** Narrows the view of a region to one slice; throws if the slice lies outside. */
    static void slice(ByteBuffer view, long offset, int length) {
        view.clear().position(Math.toIntExact(offset)).limit(Math.toIntExact(offset + length));
    }
}
