package io.fairlead.transport.rdma;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

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

    /** Null if these are not the terms of a peer of ours. The bytes may be padded with zeros. */
    static @Nullable Terms decode(byte[] bytes) {
        if (bytes.length < BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean ours = in.getInt() == MAGIC && in.get() == VERSION && in.get() == 0;
        int slots = in.getShort() & 0xffff;
        int slotBytes = in.getInt();
        boolean fits = slots >= 16 && slots <= 4096 && slotBytes >= 1024 && slotBytes <= 1 << 20;
        return ours && fits && in.getInt() == 0 ? new Terms(slots, slotBytes) : null;
    }
}
