package io.fairlead.store.chunk;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names a chunk. Random, never used again, so a chunk can be immutable. */
public record ChunkId(long high, long low) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HexFormat HEX = HexFormat.of();

    public static ChunkId random() {
        return new ChunkId(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /** Parses what {@link #toString()} prints. */
    public static ChunkId parse(String text) {
        if (text.length() != 32) {
            throw new IllegalArgumentException("a chunk id has 32 hexadecimal digits: '" + text + "'");
        }
        return new ChunkId(HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
    }

    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
