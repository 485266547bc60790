package io.fairlead.transport.kcp.protocol;

/** Bytes that follow from their position, so that each can be checked wherever it turns up. */
final class BytePattern {
    private final long salt;

    BytePattern(long salt) {
        this.salt = salt;
    }

    byte at(long position) {
        long word = ((position >>> 3) + salt) * 0x9E3779B97F4A7C15L;
        word ^= word >>> 29;
        return (byte) (word >>> (position & 7) * 8);
    }

    void fill(byte[] target, int length, long position) {
        for (int i = 0; i < length; i++) {
            target[i] = at(position + i);
        }
    }
}
