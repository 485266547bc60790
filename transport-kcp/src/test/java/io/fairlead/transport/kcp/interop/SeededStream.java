package io.fairlead.transport.kcp.interop;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The numbers of SplitMix64, little-endian: bytes that another program computes from the same seed. */
final class SeededStream {
    private static final int CHUNK_BYTES = 1 << 16;

    private long state;

    SeededStream(long seed) {
        state = seed;
    }

    /** Fills all that remains of the target, a multiple of 8. */
    void fill(ByteBuffer target) {
        target.order(ByteOrder.LITTLE_ENDIAN);
        while (target.hasRemaining()) {
            state += 0x9E3779B97F4A7C15L;
            long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
            z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
            target.putLong(z ^ z >>> 31);
        }
    }

    /** SHA-256 of the first bytes of the stream, as hex. */
    static String sha256(long seed, long bytes) {
        SeededStream stream = new SeededStream(seed);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        MessageDigest sum = sha256();
        for (long left = bytes; left > 0; left -= CHUNK_BYTES) {
            stream.fill(chunk.clear().limit((int) Math.min(left, CHUNK_BYTES)));
            sum.update(chunk.flip());
        }
        return hex(sum);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    static String hex(MessageDigest sum) {
        return HexFormat.of().formatHex(sum.digest());
    }
}
