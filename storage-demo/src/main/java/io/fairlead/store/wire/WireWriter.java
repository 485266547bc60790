package io.fairlead.store.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Appends fields, little-endian; grows as needed. Read back by {@link WireReader}, field by field. */
public final class WireWriter {
    private ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    public WireWriter u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public WireWriter u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public WireWriter i32(int value) {
        room(4).putInt(value);
        return this;
    }

    public WireWriter i64(long value) {
        room(8).putLong(value);
        return this;
    }

    public WireWriter ints(int[] values) {
        i32(values.length);
        room(4 * values.length);
        for (int value : values) {
            out.putInt(value);
        }
        return this;
    }

    /** Without a length: the reader knows it. */
    public WireWriter raw(byte[] bytes) {
        room(bytes.length).put(bytes);
        return this;
    }

    /** UTF-8 with its length in 16 bits before it; a longer text is cut. */
    public WireWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, 65_535);
        u16(length);
        room(length).put(bytes, 0, length);
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int wanted = Math.max(out.capacity() * 2, Math.addExact(out.position(), bytes));
            ByteBuffer larger = ByteBuffer.allocate(wanted).order(ByteOrder.LITTLE_ENDIAN);
            out = larger.put(out.flip());
        }
        return out;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(out.array(), out.position());
    }
}
