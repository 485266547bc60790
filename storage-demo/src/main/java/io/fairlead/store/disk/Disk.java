package io.fairlead.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The calls whose failure the store has a promise about, apart so that a test can make them fail. */
public interface Disk {
    /** The machine's file system. */
    Disk REAL = new Disk() {};

    /** Appends all bytes. */
    default void write(FileChannel file, ByteBuffer... parts) throws IOException {
        long left = 0;
        for (ByteBuffer part : parts) {
            left += part.remaining();
        }
        while (left > 0) {
            left -= file.write(parts);
        }
    }

    /** Returns when the file's bytes and length are on stable storage. */
    default void force(FileChannel file) throws IOException {
        file.force(false);
    }

    /** Returns when the directory's names are on stable storage. */
    default void forceDirectory(Path directory) throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    default long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }
}
