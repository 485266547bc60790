package io.fairlead.store.disk;

import io.fairlead.store.Bytes;
import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole files: into a temporary one, then renamed, forced as the policy says. A failed sync is final, since the kernel may
 * have dropped the bytes and will report success the next time: every later call fails, and {@link #failed()} tells the node to stop.
 */
public final class DurableFiles implements AutoCloseable {
    private final Path temporary;
    private final FsyncPolicy policy;
    private final Disk disk;
    private final long reserveBytes;
    private final Timer fsync;
    private final AtomicLong serial = new AtomicLong();
    private final CompletableFuture<StoreException> failed = new CompletableFuture<>();
    private final @Nullable GroupSync group;

    /**
     * @param temporary an existing directory on the same file system as all targets
     * @param reserveBytes what must stay free on the disk after a write
     */
    public DurableFiles(Path temporary, FsyncPolicy policy, Disk disk, long reserveBytes, MeterRegistry meters) {
        this.temporary = temporary;
        this.policy = policy;
        this.disk = disk;
        this.reserveBytes = reserveBytes;
        this.fsync = Timer.builder("store.fsync")
                .description("forcing files or directories to stable storage")
                .register(meters);
        this.group = policy.mode() == FsyncPolicy.Mode.GROUP
                ? new GroupSync(policy, temporary.toString(), this::syncBatch)
                : null;
    }

    /** Completes when syncing failed and the store must not go on. */
    public CompletableFuture<StoreException> failed() {
        return failed.copy();
    }

    /** Makes directories to put files into, and their names as safe as the policy ever makes anything. */
    public void makeDirectories(Path parent, List<String> names) throws IOException {
        Files.createDirectories(parent);
        for (String name : names) {
            Files.createDirectories(parent.resolve(name));
        }
        if (policy.mode() != FsyncPolicy.Mode.NONE) {
            force(() -> disk.forceDirectory(parent));
            force(() -> disk.forceDirectory(parent.resolve("..")));
        }
    }

    /**
     * Puts a file into an existing directory, over one of that name. Blocks on the disk.
     *
     * @throws StoreException {@link StoreError#NO_SPACE}, {@link StoreError#DISK_FAILED} or {@link StoreError#IO}; the
     *     target is then as it was
     */
    public void write(Path directory, String name, ByteBuffer... parts) {
        write(directory, name, reserveBytes, parts);
    }

    /** As {@link #write}, and may use up the reserve: for what frees space, which must not fail for want of it. */
    public void writeFromReserve(Path directory, String name, ByteBuffer... parts) {
        write(directory, name, 0, parts);
    }

    private void write(Path directory, String name, long keepFree, ByteBuffer... parts) {
        StoreException earlier = failed.getNow(null);
        if (earlier != null) {
            throw new StoreException(earlier.error(), "stopped: " + earlier.getMessage(), earlier);
        }
        long bytes = 0;
        for (ByteBuffer part : parts) {
            bytes += part.remaining();
        }
        Path draft = temporary.resolve(name + "." + serial.incrementAndGet());
        try {
            checkSpace(bytes, keepFree);
            FileChannel file = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            boolean handedOver = false;
            try {
                disk.write(file, parts);
                handedOver = publish(file, draft, directory, name, bytes);
            } finally {
                if (!handedOver) {
                    file.close();
                }
            }
        } catch (IOException e) {
            throw writeFailed(directory.resolve(name), bytes, draft, e);
        } catch (StoreException e) {
            delete(draft);
            throw e;
        }
    }

    /** True if the group closes the file when it has synced it. */
    private boolean publish(FileChannel file, Path draft, Path directory, String name, long bytes) throws IOException {
        boolean always = policy.mode() == FsyncPolicy.Mode.ALWAYS;
        // A file renamed over another before its bytes are safe could leave neither after a power failure.
        boolean replaces = policy.mode() != FsyncPolicy.Mode.NONE && Files.exists(directory.resolve(name));
        if (always || replaces) {
            force(() -> disk.force(file));
        }
        Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (always) {
            force(() -> disk.forceDirectory(directory));
        }
        if (group == null) {
            return false;
        }
        group.add(file, directory, bytes);
        return true;
    }

    private interface Forcing {
        void run() throws IOException;
    }

    private void force(Forcing forcing) {
        long startNs = System.nanoTime();
        try {
            forcing.run();
        } catch (IOException e) {
            StoreException failure = new StoreException(StoreError.DISK_FAILED, "syncing failed: " + e.getMessage(), e);
            failed.complete(failure);
            throw failure;
        } finally {
            fsync.record(System.nanoTime() - startNs, TimeUnit.NANOSECONDS);
        }
    }

    private void syncBatch(List<FileChannel> files, Set<Path> directories) {
        for (FileChannel file : files) {
            try (file) {
                force(() -> disk.force(file));
            } catch (IOException e) {
                force(() -> {
                    throw e;
                });
            }
        }
        for (Path directory : directories) {
            force(() -> disk.forceDirectory(directory));
        }
    }

    private void checkSpace(long bytes, long keepFree) throws IOException {
        long usable = disk.usableBytes(temporary);
        if (usable - bytes < keepFree) {
            throw new StoreException(
                    StoreError.NO_SPACE,
                    "disk of " + temporary + " is full: " + Bytes.text(usable) + " free, wanted " + Bytes.text(bytes)
                            + " besides the reserve of " + Bytes.text(keepFree));
        }
    }

    private StoreException writeFailed(Path target, long bytes, Path draft, IOException cause) {
        delete(draft);
        String message = "" + cause.getMessage();
        // Java has no type for ENOSPC and EDQUOT; these are the C library's words for them.
        boolean full = message.contains("No space left") || message.contains("quota exceeded");
        return new StoreException(
                full ? StoreError.NO_SPACE : StoreError.IO,
                (full ? "disk is full" : "writing failed") + ": " + target + ", " + Bytes.text(bytes) + ": " + message,
                cause);
    }

    private static void delete(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException ignored) {
            // The next start reclaims it.
        }
    }

    /** Forces what waits, unless syncing failed. */
    @Override
    public void close() {
        if (group != null) {
            group.close();
        }
    }
}
