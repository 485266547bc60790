package io.fairlead.store.disk;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Whose directory it is, so that a wrong disk cannot be mounted. Little-endian:
 * <pre>
 *  0 magic "FLVOLUME" (8) | 8 version (4) | 12 length of the names (4) | 16 CRC32C of the file with zeros here (4)
 * 20 zero (4) | 24 volume id (16) | 40 cluster, 0, node in UTF-8
 * </pre>
 *
 * @param id random, made with the directory; every chunk file carries it
 */
public record VolumeLabel(UUID id, String cluster, String node) {
    private static final long MAGIC = 0x454d554c4f564c46L;
    private static final int VERSION = 1;
    private static final int FIXED_BYTES = 40;

    ByteBuffer encode() {
        byte[] names = (cluster + '\0' + node).getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + names.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(MAGIC).putInt(VERSION).putInt(names.length).putInt(0).putInt(0);
        out.putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(names);
        out.putInt(16, crc(out.array()));
        return out.flip();
    }

    static VolumeLabel decode(Path file, byte[] bytes) {
        if (bytes.length < FIXED_BYTES) {
            throw new StoreException(StoreError.CORRUPT, file + " has " + bytes.length + " bytes, at least 40 wanted");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int crc = in.getInt(16);
        in.putInt(16, 0);
        if (in.getLong(0) != MAGIC || crc != crc(in.array())) {
            throw new StoreException(StoreError.CORRUPT, file + " is damaged: magic or checksum wrong");
        }
        if (in.getInt(8) != VERSION) {
            throw new StoreException(
                    StoreError.NEWER_FORMAT, file + " has format " + in.getInt(8) + ", this program knows " + VERSION);
        }
        String names = new String(bytes, FIXED_BYTES, bytes.length - FIXED_BYTES, StandardCharsets.UTF_8);
        int split = names.indexOf('\0');
        if (split < 0 || in.getInt(12) != bytes.length - FIXED_BYTES) {
            throw new StoreException(StoreError.CORRUPT, file + " is damaged: names are cut short");
        }
        return new VolumeLabel(
                new UUID(in.getLong(24), in.getLong(32)), names.substring(0, split), names.substring(split + 1));
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
