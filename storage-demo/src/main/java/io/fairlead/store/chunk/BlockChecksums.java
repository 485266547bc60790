package io.fairlead.store.chunk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * CRC32C of each block of a chunk; the last block may be short. Computed once by the writer and only checked from then on.
 *
 * @param length of the chunk
 * @param blockBytes of every block but the last
 * @param crcs one for each block; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record BlockChecksums(int length, int blockBytes, int[] crcs) {
    public static final int MIN_BLOCK_BYTES = 512;

    public BlockChecksums {
        if (length < 0 || blockBytes < MIN_BLOCK_BYTES || crcs.length != blocks(length, blockBytes)) {
            throw new IllegalArgumentException(crcs.length + " checksums do not fit " + length + " bytes in blocks of "
                    + blockBytes + " (at least " + MIN_BLOCK_BYTES + ")");
        }
    }

    public static int blocks(int length, int blockBytes) {
        return (int) (((long) length + blockBytes - 1) / blockBytes);
    }

    /** Of the remaining bytes, whose position stays. */
    public static BlockChecksums of(ByteBuffer data, int blockBytes) {
        int[] crcs = new int[blocks(data.remaining(), blockBytes)];
        for (int block = 0; block < crcs.length; block++) {
            crcs[block] = blockCrc(data, blockBytes, block);
        }
        return new BlockChecksums(data.remaining(), blockBytes, crcs);
    }

    /** The first block of {@code data} that does not fit, or -1. {@code data} must have {@link #length()} bytes. */
    public int firstBadBlock(ByteBuffer data) {
        for (int block = 0; block < crcs.length; block++) {
            if (blockCrc(data, blockBytes, block) != crcs[block]) {
                return block;
            }
        }
        return -1;
    }

    /** One number for all: what manifests keep, so that a reader need not trust the node's list. */
    public int combined() {
        ByteBuffer all = ByteBuffer.allocate(8 + 4 * crcs.length).order(ByteOrder.LITTLE_ENDIAN);
        all.putInt(length).putInt(blockBytes);
        for (int crc : crcs) {
            all.putInt(crc);
        }
        return crc(all.flip());
    }

    private static int blockCrc(ByteBuffer data, int blockBytes, int block) {
        int from = block * blockBytes;
        return crc(data.slice(data.position() + from, Math.min(blockBytes, data.remaining() - from)));
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockChecksums that
                && length == that.length
                && blockBytes == that.blockBytes
                && Arrays.equals(crcs, that.crcs);
    }

    @Override
    public int hashCode() {
        return 31 * length + Arrays.hashCode(crcs);
    }

    @Override
    public String toString() {
        return length + " B in " + crcs.length + " blocks of " + blockBytes;
    }
}
