package io.fairlead.store.disk;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Syncs files some time after they were written, many at once, on a thread of its own. The files stay open until then: a
 * descriptor opened later may not be told of an earlier write-back error.
 */
final class GroupSync implements AutoCloseable {
    /** What the group does with one batch; may fail, and then the group has failed for good. */
    interface Syncing {
        void sync(List<FileChannel> files, Set<Path> directories) throws IOException;
    }

    /** Bounds open descriptors when files are small. */
    private static final int MAX_FILES = 256;

    private final FsyncPolicy policy;
    private final Syncing syncing;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private List<FileChannel> files = new ArrayList<>();
    private Set<Path> directories = new HashSet<>();
    private long bytes;
    private long firstAtNs;
    private boolean hurry;
    private boolean closed;
    private @Nullable StoreException failure;

    GroupSync(FsyncPolicy policy, String name, Syncing syncing) {
        this.policy = policy;
        this.syncing = syncing;
        this.thread = Thread.ofPlatform().name("store-sync-" + name).daemon().start(this::run);
    }

    /** Takes over the open file. Waits while the group is full. */
    void add(FileChannel file, Path directory, long size) {
        lock.lock();
        try {
            while (isFull(size) && failure == null) {
                hurry = true;
                changed.signalAll();
                changed.awaitUninterruptibly();
            }
            throwIfFailed();
            if (files.isEmpty()) {
                firstAtNs = System.nanoTime();
            }
            files.add(file);
            directories.add(directory);
            bytes += size;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(long size) {
        return (bytes > 0 && bytes + size > policy.bytes()) || files.size() >= MAX_FILES;
    }

    private void throwIfFailed() {
        if (failure != null) {
            throw failure;
        }
    }

    private void run() {
        try {
            while (awaitBatch()) {
                syncBatch();
            }
        } catch (InterruptedException e) {
            fail(new IOException("interrupted", e));
        }
    }

    /** Waits until a batch is due; false when closed and nothing is left. */
    private boolean awaitBatch() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (failure != null || (closed && files.isEmpty())) {
                    return false;
                }
                long leftNs =
                        files.isEmpty() ? Long.MAX_VALUE : policy.within().toNanos() - (System.nanoTime() - firstAtNs);
                if (!files.isEmpty() && (closed || hurry || leftNs <= 0)) {
                    return true;
                }
                changed.await(leftNs, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void syncBatch() {
        List<FileChannel> batch;
        Set<Path> names;
        lock.lock();
        try {
            batch = files;
            names = directories;
            files = new ArrayList<>();
            directories = new HashSet<>();
            hurry = false;
        } finally {
            lock.unlock();
        }
        // The bytes count until they are synced, so that the bound holds while a slow sync runs.
        long size = 0;
        try {
            for (FileChannel file : batch) {
                size += file.size();
            }
            syncing.sync(batch, names);
            synced(size);
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void synced(long size) {
        lock.lock();
        try {
            bytes = Math.max(0, bytes - size);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Exception cause) {
        lock.lock();
        try {
            failure = cause instanceof StoreException known
                    ? known
                    : new StoreException(StoreError.DISK_FAILED, "syncing failed: " + cause.getMessage(), cause);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Syncs what is left, and ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        closeLeftovers();
    }

    private void closeLeftovers() {
        for (FileChannel file : files) {
            try {
                file.close();
            } catch (IOException ignored) {
                // Syncing has failed before, or nothing would be left; there is nothing more to tell.
            }
        }
    }
}
