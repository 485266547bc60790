package io.fairlead.store.chunk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The head of a chunk's file; the data follows it. Every bit of head and data is under some checksum. Little-endian:
 * <pre>
 *  0 magic "FLCHUNK1" (8)              | 8 format version (4)      | 12 block bytes (4)
 * 16 chunk id (16)                     | 32 volume id (16)
 * 48 length of the data (4)            | 52 CRC32C of [64, head) (4) | 56 zero (4) | 60 CRC32C of [0, 60) (4)
 * 64 CRC32C of each block (4 each)     | zeros up to a multiple of 4096, where the data begins
 * </pre>
 * The first 64 bytes keep their layout in all versions, so that a flipped bit is never taken for a newer format.
 */
final class ChunkFormat {
    static final int PROLOGUE_BYTES = 64;

    private static final long MAGIC = 0x314b4e5548434c46L;
    private static final int VERSION = 1;
    private static final int ALIGNMENT = 4096;
    /** The largest head that is read: 4 Mi blocks. A flipped bit in the length must not make us allocate more. */
    private static final int MAX_BLOCKS = 1 << 22;

    private ChunkFormat() {}

    /** What the prologue says. */
    record Prologue(int blockBytes, ChunkId id, UUID volume, int length, int tableCrc) {
        int blocks() {
            return BlockChecksums.blocks(length, blockBytes);
        }

        int headBytes() {
            return (PROLOGUE_BYTES + 4 * blocks() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }

        long fileBytes() {
            return (long) headBytes() + length;
        }
    }

    /** A file that is not what it should be; the message says how. */
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean newer;

        Damaged(String reason) {
            this(reason, false);
        }

        private Damaged(String reason, boolean newer) {
            super(reason, null, false, false);
            this.newer = newer;
        }

        /** Whether it is whole, and written by a later version. */
        boolean newer() {
            return newer;
        }

        String reason() {
            return "" + getMessage();
        }
    }

    static ByteBuffer encode(ChunkId id, UUID volume, BlockChecksums checksums) {
        Prologue sizes = new Prologue(checksums.blockBytes(), id, volume, checksums.length(), 0);
        ByteBuffer out = ByteBuffer.allocate(sizes.headBytes()).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(MAGIC).putInt(VERSION).putInt(checksums.blockBytes());
        out.putLong(id.high()).putLong(id.low());
        out.putLong(volume.getMostSignificantBits()).putLong(volume.getLeastSignificantBits());
        out.putInt(checksums.length());
        out.position(PROLOGUE_BYTES);
        for (int crc : checksums.crcs()) {
            out.putInt(crc);
        }
        out.putInt(52, BlockChecksums.crc(out.slice(PROLOGUE_BYTES, out.capacity() - PROLOGUE_BYTES)));
        out.putInt(60, BlockChecksums.crc(out.slice(0, 60)));
        return out.clear();
    }

    /** Reads the prologue from the first 64 bytes. */
    static Prologue decodePrologue(ByteBuffer head) throws Damaged {
        ByteBuffer in = head.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < PROLOGUE_BYTES) {
            throw new Damaged("torn: " + in.remaining() + " bytes, not even a head");
        }
        if (in.getLong(0) != MAGIC) {
            throw new Damaged("no chunk: magic is wrong");
        }
        if (in.getInt(60) != BlockChecksums.crc(in.slice(0, 60))) {
            throw new Damaged("rotten: checksum of the head is wrong");
        }
        if (in.getInt(8) != VERSION) {
            throw new Damaged("has format " + in.getInt(8) + ", this program knows " + VERSION, true);
        }
        Prologue prologue = new Prologue(
                in.getInt(12),
                new ChunkId(in.getLong(16), in.getLong(24)),
                new UUID(in.getLong(32), in.getLong(40)),
                in.getInt(48),
                in.getInt(52));
        if (prologue.length() < 0
                || prologue.blockBytes() < BlockChecksums.MIN_BLOCK_BYTES
                || prologue.blocks() > MAX_BLOCKS) {
            throw new Damaged("impossible sizes: " + prologue);
        }
        return prologue;
    }

    /** Reads the checksums from the bytes between prologue and data. */
    static BlockChecksums decodeTable(Prologue prologue, ByteBuffer table) throws Damaged {
        if (prologue.tableCrc() != BlockChecksums.crc(table.slice())) {
            throw new Damaged("rotten: checksum of the block table is wrong");
        }
        ByteBuffer in = table.slice().order(ByteOrder.LITTLE_ENDIAN);
        int[] crcs = new int[prologue.blocks()];
        for (int block = 0; block < crcs.length; block++) {
            crcs[block] = in.getInt();
        }
        return new BlockChecksums(prologue.length(), prologue.blockBytes(), crcs);
    }
}
