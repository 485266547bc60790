package io.fairlead.store.wire;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes fields in the order in which they were written. Checks every length before it touches or allocates anything; whatever does not
 * fit is {@link StoreError#BAD_MESSAGE}.
 */
public final class WireReader {
    private final ByteBuffer in;

    public WireReader(ByteBuffer bytes) {
        this.in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    public int u8() {
        return need(1).get() & 0xff;
    }

    public int u16() {
        return need(2).getShort() & 0xffff;
    }

    public int i32() {
        return need(4).getInt();
    }

    public long i64() {
        return need(8).getLong();
    }

    public boolean flag() {
        int value = u8();
        if (value > 1) {
            throw bad("a flag is 0 or 1, not " + value);
        }
        return value == 1;
    }

    public int[] ints() {
        int[] values = new int[count(4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getInt();
        }
        return values;
    }

    public byte[] raw(int length) {
        byte[] bytes = new byte[length];
        need(length).get(bytes);
        return bytes;
    }

    public String text() {
        return new String(raw(u16()), StandardCharsets.UTF_8);
    }

    /** A list whose entries take at least {@code minBytes} each, so that its length cannot promise more than is there. */
    public <T> List<T> list(int minBytes, Function<WireReader, T> entry) {
        int count = count(minBytes);
        List<T> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry.apply(this));
        }
        return entries;
    }

    /** A decoder of another module, which throws {@link IllegalArgumentException} on what it does not understand. */
    public <T> T other(Function<ByteBuffer, T> decoder) {
        return checked(() -> decoder.apply(in));
    }

    /** Turns what a constructor finds wrong into a bad message. */
    public <T> T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw bad("" + e.getMessage());
        }
    }

    /** All bytes must have been taken. */
    public void end() {
        if (in.hasRemaining()) {
            throw bad(in.remaining() + " bytes too many");
        }
    }

    public StoreException bad(String why) {
        return new StoreException(StoreError.BAD_MESSAGE, "malformed at byte " + in.position() + ": " + why);
    }

    private int count(int entryBytes) {
        int count = i32();
        if (count < 0 || count > in.remaining() / entryBytes) {
            throw bad(count + " entries of at least " + entryBytes + " B in " + in.remaining() + " B");
        }
        return count;
    }

    private ByteBuffer need(int bytes) {
        if (in.remaining() < bytes) {
            throw bad("wanted " + bytes + " B, there are " + in.remaining());
        }
        return in;
    }
}
