package io.fairlead.store.chunk;

import io.fairlead.store.chunk.ChunkFormat.Damaged;
import io.fairlead.store.chunk.ChunkFormat.Prologue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Reads chunk files, and believes nothing that no checksum covers. */
final class ChunkFile {
    private ChunkFile() {}

    /** Checks head and length, but not the data. */
    static BlockChecksums inspect(Path path, ChunkId id, UUID volume) throws IOException, Damaged {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return readHead(file, id, volume);
        }
    }

    /** Reads the data into {@code into} from its position on, and checks every block. The position stays. */
    static BlockChecksums read(Path path, ChunkId id, UUID volume, ByteBuffer into) throws IOException, Damaged {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            BlockChecksums checksums = readHead(file, id, volume);
            if (checksums.length() > into.remaining()) {
                throw new IllegalArgumentException(
                        "chunk " + id + " has " + checksums.length() + " bytes, room is for " + into.remaining());
            }
            ByteBuffer data = into.slice(into.position(), checksums.length());
            fill(file, data, file.size() - checksums.length());
            int bad = checksums.firstBadBlock(data.flip());
            if (bad >= 0) {
                throw new Damaged("rotten: block " + bad + " of " + checksums.crcs().length);
            }
            return checksums;
        }
    }

    private static BlockChecksums readHead(FileChannel file, ChunkId id, UUID volume) throws IOException, Damaged {
        long size = file.size();
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(size, ChunkFormat.PROLOGUE_BYTES));
        fill(file, start, 0);
        Prologue prologue = ChunkFormat.decodePrologue(start.flip());
        if (size != prologue.fileBytes()) {
            throw new Damaged("torn: " + size + " bytes of " + prologue.fileBytes());
        }
        if (!prologue.id().equals(id) || !prologue.volume().equals(volume)) {
            throw new Damaged("foreign: is chunk " + prologue.id() + " of volume " + prologue.volume());
        }
        ByteBuffer table = ByteBuffer.allocate(prologue.headBytes() - ChunkFormat.PROLOGUE_BYTES);
        fill(file, table, ChunkFormat.PROLOGUE_BYTES);
        return ChunkFormat.decodeTable(prologue, table.flip());
    }

    private static void fill(FileChannel file, ByteBuffer to, long position) throws IOException, Damaged {
        long at = position;
        while (to.hasRemaining()) {
            int read = file.read(to, at);
            if (read < 0) {
                throw new Damaged("torn: ends at " + at + " while it is read");
            }
            at += read;
        }
    }
}
