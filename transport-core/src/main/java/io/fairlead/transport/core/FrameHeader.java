package io.fairlead.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The header of every frame of the software providers, little-endian. All frames start with the same 16 bytes; some
 * types add fields after them; the payload follows.
 * <pre>
 *  0       1       2               4                               8
 * +-------+-------+---------------+-------------------------------+
 * | type  | flags | aux (2)       | payload bytes (4)             |
 * +-------+-------+---------------+-------------------------------+
 * | sequence (4)                  | acknowledged (4)              |
 * +-------------------------------+-------------------------------+
 * WRITE, READ, ATOMIC           then region id (4), generation (4), token (8), offset (8)
 *   WRITE                       then tag (4), zero (4)
 *   READ                        then bytes wanted (8)
 *   ATOMIC                      then operand (8), replacement (8)
 * SEND, REQUEST, REPLY          then bytes of the whole message (8), request id (8)
 * ATOMIC_RESULT                 then old value (8)
 * CREDIT                        then messages finished (8), their bytes (8), both since the start
 * MESSAGE, ACK, READ_DATA, DATAGRAM, PING, PONG, ERROR, DRAIN, BYE   add nothing
 * </pre>
 *
 * <p><b>Sequence.</b> Each side numbers its operations 1, 2, 3… modulo 2^32; every frame of a WRITE, READ, ATOMIC, SEND,
 * MESSAGE, REQUEST or REPLY carries its operation's number. READ_DATA, ATOMIC_RESULT and ERROR carry the number of the operation
 * they answer, other frames 0. <b>Acknowledged</b>, in every frame, is the highest number up to which the sender of the
 * frame has carried out everything: bytes placed, messages taken.
 */
public final class FrameHeader {
    public static final int WRITE = 1;
    public static final int READ = 2;
    public static final int READ_DATA = 3;
    public static final int ATOMIC = 4;
    public static final int ATOMIC_RESULT = 5;
    public static final int SEND = 6;
    public static final int REQUEST = 7;
    public static final int REPLY = 8;
    public static final int DATAGRAM = 9;
    public static final int ACK = 10;
    public static final int CREDIT = 11;
    public static final int PING = 12;
    public static final int PONG = 13;
    public static final int ERROR = 14;
    public static final int DRAIN = 15;
    public static final int BYE = 16;
    /** A message that is whole in this frame; SEND is for those in several. */
    public static final int MESSAGE = 17;

    /** The last frame of its operation or answer. */
    public static final int FLAG_LAST = 1;
    /** On WRITE: hand the tag to the handler, after the last frame. */
    public static final int FLAG_NOTIFY = 2;
    /** On ATOMIC: compare and swap, else fetch and add. */
    public static final int FLAG_SWAP = 4;
    /**
     * On WRITE and READ_DATA: the payload does not follow here but after the next header without this flag, behind the
     * payloads deferred before it. So the headers of a run of large payloads travel together, and each payload is read and written by a
     * call of its own without a small packet in between. Only such frames may stand in a run.
     */
    public static final int FLAG_DEFERRED = 8;

    /** Most deferred payloads of a run. */
    public static final int MAX_DEFERRED = 15;

    public static final int COMMON_BYTES = 16;
    public static final int MAX_BYTES = 56;

    static final int FLAGS = 1;
    static final int SEQUENCE = 8;

    static final int REGION = 16;
    static final int GENERATION = 20;
    static final int TOKEN = 24;
    static final int OFFSET = 32;
    static final int TAG = 40;
    static final int WANTED = 40;
    static final int OPERAND = 40;
    static final int REPLACEMENT = 48;

    static final int MESSAGE_BYTES = 16;
    static final int REQUEST_ID = 24;

    static final int VALUE = 16;
    static final int CREDIT_MESSAGES = 16;
    static final int CREDIT_BYTES = 24;

    static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Header bytes by type; 0 where the type is unknown. */
    private static final int[] BYTES = new int[256];

    /** Flags that a type may carry. */
    private static final int[] ALLOWED_FLAGS = new int[256];

    static {
        layout(WRITE, 48, FLAG_LAST | FLAG_NOTIFY | FLAG_DEFERRED);
        layout(READ, 48, FLAG_LAST);
        layout(READ_DATA, COMMON_BYTES, FLAG_LAST | FLAG_DEFERRED);
        layout(ATOMIC, MAX_BYTES, FLAG_LAST | FLAG_SWAP);
        layout(ATOMIC_RESULT, 24, FLAG_LAST);
        layout(SEND, 32, FLAG_LAST);
        layout(MESSAGE, COMMON_BYTES, FLAG_LAST);
        layout(REQUEST, 32, FLAG_LAST);
        layout(REPLY, 32, FLAG_LAST);
        layout(DATAGRAM, COMMON_BYTES, FLAG_LAST);
        layout(CREDIT, 32, 0);
        for (int bare : new int[] {ACK, PING, PONG, ERROR, DRAIN, BYE}) {
            layout(bare, COMMON_BYTES, 0);
        }
    }

    private FrameHeader() {}

    private static void layout(int type, int bytes, int flags) {
        BYTES[type] = bytes;
        ALLOWED_FLAGS[type] = flags;
    }

    /** Bytes of the header of a type, or 0 for a type that does not exist. */
    public static int bytes(int type) {
        return BYTES[type & 0xff];
    }

    /** Ends a run: the payload of the header at {@code at} follows after those deferred. */
    static void endRun(MemorySegment to, long at) {
        to.set(JAVA_BYTE, at + FLAGS, (byte) (to.get(JAVA_BYTE, at + FLAGS) & ~FLAG_DEFERRED));
    }

    static boolean flagsAllowed(int type, int flags) {
        return (flags & ~ALLOWED_FLAGS[type & 0xff]) == 0;
    }

    /** Writes the 16 common bytes at {@code at}. */
    public static void common(
            MemorySegment to, long at, int type, int flags, int aux, int length, int sequence, int acknowledged) {
        to.set(LONG, at, first(type, flags, aux, length));
        to.set(LONG, at + SEQUENCE, second(sequence, acknowledged));
    }

    /** The first eight of the common bytes as a number, whose lowest byte comes first. */
    static long first(int type, int flags, int aux, int length) {
        int kind = type & 0xff | (flags & 0xff) << 8 | (aux & 0xffff) << 16;
        return kind & 0xffff_ffffL | (long) length << 32;
    }

    /** The eight after those. */
    static long second(int sequence, int acknowledged) {
        return sequence & 0xffff_ffffL | (long) acknowledged << 32;
    }

    /** Writes the fields that reach a granted range, after the common ones. */
    public static void target(MemorySegment to, long at, int region, int generation, long token, long offset) {
        to.set(LONG, at + REGION, region & 0xffff_ffffL | (long) generation << 32);
        to.set(LONG, at + TOKEN, token);
        to.set(LONG, at + OFFSET, offset);
    }

    /** The first eight bytes at once, since each look at a segment is checked; its fields are below. */
    static long first(MemorySegment from, long at) {
        return from.get(LONG, at);
    }

    static int type(long first) {
        return (int) first & 0xff;
    }

    static int flags(long first) {
        return (int) first >>> 8 & 0xff;
    }

    static int aux(long first) {
        return (int) first >>> 16 & 0xffff;
    }

    static int length(long first) {
        return (int) (first >>> 32);
    }

    /** The eight bytes after those. */
    static long second(MemorySegment from, long at) {
        return from.get(LONG, at + SEQUENCE);
    }

    static int sequence(long second) {
        return (int) second;
    }

    static int acknowledged(long second) {
        return (int) (second >>> 32);
    }

    public static int type(MemorySegment from, long at) {
        return type(first(from, at));
    }

    public static int flags(MemorySegment from, long at) {
        return flags(first(from, at));
    }

    /** Bytes of payload; negative for a forged length of 2 GiB or more. */
    public static int length(MemorySegment from, long at) {
        return length(first(from, at));
    }

    public static int sequence(MemorySegment from, long at) {
        return sequence(second(from, at));
    }

    public static int acknowledged(MemorySegment from, long at) {
        return acknowledged(second(from, at));
    }
}
