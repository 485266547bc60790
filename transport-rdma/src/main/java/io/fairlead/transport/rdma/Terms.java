package io.fairlead.transport.rdma;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What one end tells the other in the private data of the connection manager, little-endian:
 * <pre>
 *  0 magic "FLRD" (4) | 4 version 1 (1) | 5 zero (1) | 6 slots (2) | 8 bytes of a slot (4) | 12 zero (4)
 * </pre>
 *
 * @param slots receives it has posted
 * @param slotBytes of each
 */
record Terms(int slots, int slotBytes) {
    static final int BYTES = 16;

    private static final int MAGIC = 0x4452_4c46;
    private static final byte VERSION = 1;
    private static final int MIN_SLOTS = 16;
    private static final int MAX_SLOTS = 4096;
    private static final int MIN_SLOT_BYTES = 1024;
    private static final int MAX_SLOT_BYTES = 1 << 20;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .put(VERSION)
                .put((byte) 0)
                .putShort((short) slots)
                .putInt(slotBytes)
                .putInt(0)
                .array();
    }

    /**
     * Reads the terms of a peer. The bytes may be padded with zeros.
     *
     * @throws ProtocolException if these are none; the message is for the peer too
     */
    static Terms decode(byte[] bytes) throws ProtocolException {
        if (bytes.length < BYTES) {
            throw new ProtocolException("not one of Fairlead, or of another version: its private data has "
                    + bytes.length + " bytes, wanted " + BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt() != MAGIC || in.get() != VERSION || in.get() != 0 || in.getInt(12) != 0) {
            throw new ProtocolException("not one of Fairlead, or of another version than " + VERSION);
        }
        int slots = in.getShort() & 0xffff;
        int slotBytes = in.getInt();
        if (slots < MIN_SLOTS || slots > MAX_SLOTS || slotBytes < MIN_SLOT_BYTES || slotBytes > MAX_SLOT_BYTES) {
            throw new ProtocolException("its terms are " + slots + " slots of " + Integer.toUnsignedString(slotBytes)
                    + " bytes, not " + MIN_SLOTS + " to " + MAX_SLOTS + " of " + MIN_SLOT_BYTES + " to "
                    + MAX_SLOT_BYTES);
        }
        return new Terms(slots, slotBytes);
    }
}
