package io.fairlead.transport.kcp.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The header of every KCP segment, little-endian, unchanged since 2011. A datagram is one or more segments back to back.
 * <pre>
 *  0               4       5       6               8
 * +---------------+-------+-------+---------------+---------------+
 * | conv (4)      | cmd   | frg   | wnd (2)       | ts (4)        |
 * +---------------+-------+-------+---------------+---------------+
 * | sn (4)                        | una (4)       | len (4)       |
 * +-------------------------------+---------------+---------------+
 * </pre>
 * conv is equal on both ends; frg counts the fragments still to come; wnd is the sender's free receive window in segments;
 * ts is the sender's millisecond clock, which an ACK echoes; una acknowledges all before it.
 */
final class SegmentHeader {
    static final int PUSH = 81;
    static final int ACK = 82;
    static final int WINDOW_ASK = 83;
    static final int WINDOW_TELL = 84;

    static final int BYTES = 24;

    private static final int COMMAND = 4;
    private static final int STAMP = 8;
    private static final int NUMBER = 12;
    private static final int UNACKNOWLEDGED = 16;
    private static final int LENGTH = 20;

    private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SegmentHeader() {}

    static int conversation(MemorySegment in, long at) {
        return in.get(INT, at);
    }

    /** cmd, frg and wnd in one word, for the three methods below. */
    static int kind(MemorySegment in, long at) {
        return in.get(INT, at + COMMAND);
    }

    static int command(int kind) {
        return kind & 0xff;
    }

    static int fragment(int kind) {
        return kind >>> 8 & 0xff;
    }

    static int window(int kind) {
        return kind >>> 16;
    }

    static int stamp(MemorySegment in, long at) {
        return in.get(INT, at + STAMP);
    }

    static int number(MemorySegment in, long at) {
        return in.get(INT, at + NUMBER);
    }

    static int unacknowledged(MemorySegment in, long at) {
        return in.get(INT, at + UNACKNOWLEDGED);
    }

    /** As it stands there: a forged one may be negative. */
    static int length(MemorySegment in, long at) {
        return in.get(INT, at + LENGTH);
    }

    static int kind(int command, int fragment, int window) {
        return command | fragment << 8 | window << 16;
    }

    static void write(
            MemorySegment to,
            long at,
            int conversation,
            int kind,
            int stamp,
            int number,
            int unacknowledged,
            int length) {
        to.set(INT, at, conversation);
        to.set(INT, at + COMMAND, kind);
        to.set(INT, at + STAMP, stamp);
        to.set(INT, at + NUMBER, number);
        to.set(INT, at + UNACKNOWLEDGED, unacknowledged);
        to.set(INT, at + LENGTH, length);
    }
}
