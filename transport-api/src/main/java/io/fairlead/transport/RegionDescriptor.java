package io.fairlead.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a peer needs to reach a granted range of a region. It is a capability: whoever holds it may use it, so hand it
 * out by messages. Offsets used with it count from the start of the granted range. No value of any field means
 * "none".
 *
 * <p>Binary form, little-endian, 44 bytes, then 8 for an expiry and 16 for a provider key where the flags say so:
 * <pre>
 *  0 version (1) | 1 rights | 2 flags: 1 expiry, 2 provider key | 3 zero | 4 region id (4) | 8 generation (4)
 * 12 zero (4) | 16 token (8) | 24 length (8) | 32 incarnation (8) | 40 zero (4) | 44 [expiry, epoch ms (8)] [key (8) address (8)]
 * </pre>
 * The text form is {@code fl1:} and the same bytes in hexadecimal.
 *
 * @param regionId the slot in the target's table of grants
 * @param generation how often that slot was used before
 * @param token random, 64 bits; what makes a descriptor hard to guess
 * @param length bytes of the granted range, 1 or more
 * @param rights what the holder may do
 * @param incarnation of the process that granted it
 * @param expiresAt when it ends by the target's clock, null for a grant that ends only by revocation
 * @param providerKey what a network card needs besides, null on software providers
 */
public record RegionDescriptor(
        int regionId,
        int generation,
        long token,
        long length,
        Rights rights,
        long incarnation,
        @Nullable Instant expiresAt,
        @Nullable ProviderKey providerKey) {

    /**
     * The key and base address that RDMA hardware checks.
     *
     * @param key the remote key, all 64 bits significant
     * @param address the base of the granted range
     */
    public record ProviderKey(long key, long address) {}

    public static final int FIXED_BYTES = 44;
    public static final int MAX_BYTES = FIXED_BYTES + 8 + 16;

    private static final byte VERSION = 1;
    private static final int FLAG_EXPIRY = 1;
    private static final int FLAG_PROVIDER_KEY = 2;
    private static final String TEXT_PREFIX = "fl1:";

    public RegionDescriptor {
        if (length < 1) {
            throw new IllegalArgumentException("a descriptor grants at least 1 byte, not " + length);
        }
    }

    /** Whether {@code length} bytes at {@code offset} lie inside the granted range; never overflows. */
    public boolean covers(long offset, long bytes) {
        return offset >= 0 && bytes >= 0 && offset <= length - bytes;
    }

    public int encodedBytes() {
        return FIXED_BYTES + (expiresAt == null ? 0 : 8) + (providerKey == null ? 0 : 16);
    }

    /** Appends the binary form to {@code to}, which needs {@link #encodedBytes()} bytes of room. */
    public void encode(ByteBuffer to) {
        ByteBuffer out = to.slice(to.position(), encodedBytes()).order(ByteOrder.LITTLE_ENDIAN);
        out.put(VERSION).put((byte) rights.bits());
        out.put((byte) ((expiresAt == null ? 0 : FLAG_EXPIRY) | (providerKey == null ? 0 : FLAG_PROVIDER_KEY)));
        out.put((byte) 0).putInt(regionId).putInt(generation).putInt(0);
        out.putLong(token).putLong(length).putLong(incarnation).putInt(0);
        if (expiresAt != null) {
            out.putLong(expiresAt.toEpochMilli());
        }
        if (providerKey != null) {
            out.putLong(providerKey.key()).putLong(providerKey.address());
        }
        to.position(to.position() + encodedBytes());
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[encodedBytes()];
        encode(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** Takes a descriptor from {@code from}. Fails with {@link IllegalArgumentException} on anything it did not write. */
    public static RegionDescriptor decode(ByteBuffer from) {
        if (from.remaining() < FIXED_BYTES) {
            throw new IllegalArgumentException("a descriptor has " + FIXED_BYTES + " bytes, not " + from.remaining());
        }
        ByteBuffer in = from.slice().order(ByteOrder.LITTLE_ENDIAN);
        int version = in.get();
        Rights rights = new Rights(in.get() & 0xff);
        int flags = in.get();
        boolean reservedClear = in.get() == 0;
        int regionId = in.getInt();
        int generation = in.getInt();
        reservedClear &= in.getInt() == 0;
        long token = in.getLong();
        long length = in.getLong();
        long incarnation = in.getLong();
        reservedClear &= in.getInt() == 0;
        if (version != VERSION || (flags & ~(FLAG_EXPIRY | FLAG_PROVIDER_KEY)) != 0 || !reservedClear) {
            throw new IllegalArgumentException("unknown descriptor: version " + version + ", flags " + flags
                    + ", reserved clear " + reservedClear);
        }
        int rest = ((flags & FLAG_EXPIRY) == 0 ? 0 : 8) + ((flags & FLAG_PROVIDER_KEY) == 0 ? 0 : 16);
        if (in.remaining() < rest) {
            throw new IllegalArgumentException(
                    "descriptor cut short: " + in.remaining() + " of " + rest + " bytes left");
        }
        Instant expiresAt = (flags & FLAG_EXPIRY) == 0 ? null : Instant.ofEpochMilli(in.getLong());
        ProviderKey key = (flags & FLAG_PROVIDER_KEY) == 0 ? null : new ProviderKey(in.getLong(), in.getLong());
        from.position(from.position() + in.position());
        return new RegionDescriptor(regionId, generation, token, length, rights, incarnation, expiresAt, key);
    }

    /** The text form, for logs of tests and for configuration; it is as secret as the descriptor. */
    public String toText() {
        return TEXT_PREFIX + HexFormat.of().formatHex(toBytes());
    }

    public static RegionDescriptor parse(String text) {
        if (!text.startsWith(TEXT_PREFIX)) {
            throw new IllegalArgumentException("a descriptor's text starts with " + TEXT_PREFIX);
        }
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(text, TEXT_PREFIX.length(), text.length()));
        RegionDescriptor descriptor = decode(bytes);
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes too many in a descriptor's text");
        }
        return descriptor;
    }

    /** Without the token, so that a log line gives nothing away. */
    @Override
    public String toString() {
        return "region " + regionId + "." + generation + " [" + length + " B " + rights
                + (expiresAt == null ? "" : " until " + expiresAt) + "]";
    }
}
