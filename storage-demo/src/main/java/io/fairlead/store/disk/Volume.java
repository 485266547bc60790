package io.fairlead.store.disk;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.Stream;

/** A node's directory, held by one process at a time. */
public final class Volume implements AutoCloseable {
    private static final String LABEL = "volume.fairlead";
    private static final String LOCK = "lock";

    private final Path directory;
    private final VolumeLabel label;
    private final FileChannel lock;

    private Volume(Path directory, VolumeLabel label, FileChannel lock) {
        this.directory = directory;
        this.label = label;
        this.lock = lock;
    }

    /**
     * Opens the directory of a node, and makes it one if it is empty or missing.
     *
     * @throws StoreException {@link StoreError#WRONG_VOLUME} or {@link StoreError#NEWER_FORMAT}
     */
    public static Volume open(Path directory, String cluster, String node) {
        try {
            Files.createDirectories(directory);
            FileChannel lock = lock(directory);
            try {
                VolumeLabel label = label(directory, cluster, node);
                Files.createDirectories(directory.resolve("tmp"));
                Files.createDirectories(directory.resolve("damaged"));
                return new Volume(directory, label, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot open " + directory + ": " + e, e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        boolean held = false;
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            held = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            held = false;
        } finally {
            if (!held) {
                channel.close();
            }
        }
        if (!held) {
            throw new StoreException(StoreError.WRONG_VOLUME, directory + " is in use by another node");
        }
        return channel;
    }

    private static VolumeLabel label(Path directory, String cluster, String node) throws IOException {
        Path file = directory.resolve(LABEL);
        if (Files.exists(file)) {
            VolumeLabel label = VolumeLabel.decode(file, Files.readAllBytes(file));
            if (!label.cluster().equals(cluster) || !label.node().equals(node)) {
                throw new StoreException(
                        StoreError.WRONG_VOLUME,
                        directory + " belongs to node '" + label.node() + "' of cluster '" + label.cluster()
                                + "', not to node '" + node + "' of cluster '" + cluster + "'");
            }
            return label;
        }
        try (Stream<Path> files = Files.list(directory)) {
            Path stranger = files.filter(f -> !f.endsWith(LOCK) && !f.endsWith(LABEL + ".new"))
                    .findFirst()
                    .orElse(null);
            if (stranger != null) {
                throw new StoreException(
                        StoreError.WRONG_VOLUME,
                        directory + " has no " + LABEL + " but is not empty (" + stranger.getFileName() + ")");
            }
        }
        VolumeLabel label = new VolumeLabel(UUID.randomUUID(), cluster, node);
        Path draft = directory.resolve(LABEL + ".new");
        try (FileChannel out = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            Disk.REAL.write(out, label.encode());
            Disk.REAL.force(out);
        }
        Files.move(draft, file);
        Disk.REAL.forceDirectory(directory);
        return label;
    }

    public Path directory() {
        return directory;
    }

    public VolumeLabel label() {
        return label;
    }

    /** Where files stand until they are whole. */
    public Path temporary() {
        return directory.resolve("tmp");
    }

    /** Deletes the drafts that a killed process left. @return how many */
    public int reclaimDrafts() {
        int count = 0;
        try (Stream<Path> drafts = Files.list(temporary())) {
            for (Path draft : (Iterable<Path>) drafts::iterator) {
                Files.delete(draft);
                count++;
            }
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot clean " + temporary() + ": " + e, e);
        }
        return count;
    }

    /** Moves a file that must not be served to where an operator may look at it. */
    public void setAside(Path file) {
        try {
            Path aside = directory.resolve("damaged").resolve(file.getFileName());
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot set aside " + file + ": " + e, e);
        }
    }

    /** Lets another process open the directory. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot unlock " + directory + ": " + e, e);
        }
    }
}
