package io.fairlead.store.protocol;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.wire.WireReader;
import io.fairlead.store.wire.WireWriter;

/** Fields that several messages have. */
final class Fields {
    static final int CHUNK_ID_BYTES = 16;

    private Fields() {}

    static void checkVersion(WireReader in, int known) {
        int version = in.u8();
        if (version != known) {
            throw new StoreException(
                    StoreError.BAD_MESSAGE, "the peer speaks version " + version + ", this one knows " + known);
        }
    }

    static void put(WireWriter out, ChunkId id) {
        out.i64(id.high()).i64(id.low());
    }

    static ChunkId chunkId(WireReader in) {
        return new ChunkId(in.i64(), in.i64());
    }

    static void put(WireWriter out, BlockChecksums checksums) {
        out.i32(checksums.length()).i32(checksums.blockBytes()).ints(checksums.crcs());
    }

    static BlockChecksums checksums(WireReader in) {
        int length = in.i32();
        int blockBytes = in.i32();
        int[] crcs = in.ints();
        return in.checked(() -> new BlockChecksums(length, blockBytes, crcs));
    }
}
