package io.fairlead.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DurableFilesTest {
    @TempDir
    Path directory;

    private Path drafts;

    /** Syncs only what the test permits, or fails. */
    private static final class GatedDisk implements Disk {
        final Semaphore permits = new Semaphore(0);
        final AtomicInteger synced = new AtomicInteger();
        volatile boolean broken;

        @Override
        public void force(FileChannel file) throws IOException {
            permits.acquireUninterruptibly();
            if (broken) {
                throw new IOException("Input/output error");
            }
            Disk.REAL.force(file);
            synced.incrementAndGet();
        }
    }

    @BeforeEach
    void makeDrafts() throws IOException {
        drafts = Files.createDirectory(directory.resolve("tmp"));
    }

    private DurableFiles files(FsyncPolicy policy, Disk disk) {
        return new DurableFiles(drafts, policy, disk, 0, new SimpleMeterRegistry());
    }

    private void write(DurableFiles files, String name, int bytes) {
        files.write(directory, name, ByteBuffer.allocate(bytes));
    }

    @Test
    void theGroupSyncsWithinItsTimeWithoutFurtherWrites() {
        GatedDisk disk = new GatedDisk();
        disk.permits.release(10);
        try (DurableFiles files = files(FsyncPolicy.group(Duration.ofMillis(10), 1 << 20), disk)) {
            write(files, "a", 100);
            await().atMost(Duration.ofSeconds(10)).until(() -> disk.synced.get() == 1);
        }
    }

    @Test
    void noMoreThanTheGroupsBytesAreEverUnsynced() throws Exception {
        GatedDisk disk = new GatedDisk();
        try (DurableFiles files = files(FsyncPolicy.group(Duration.ofHours(1), 1000), disk)) {
            write(files, "a", 600);
            write(files, "b", 400);
            Thread third = Thread.ofVirtual().start(() -> write(files, "c", 1));
            await().until(() -> disk.permits.hasQueuedThreads());
            assertThat(third.join(Duration.ofMillis(100)))
                    .as("waits for the sync")
                    .isFalse();
            disk.permits.release(3);
            assertThat(third.join(Duration.ofSeconds(10))).isTrue();
            assertThat(disk.synced.get()).isEqualTo(2);
        }
        assertThat(disk.synced.get()).as("closing syncs the rest").isEqualTo(3);
    }

    @Test
    void aFailedSyncOfTheGroupStopsTheStore() throws Exception {
        GatedDisk disk = new GatedDisk();
        disk.broken = true;
        disk.permits.release(100);
        try (DurableFiles files = files(FsyncPolicy.group(Duration.ofMillis(1), 1000), disk)) {
            write(files, "a", 600);
            assertThat(files.failed().get(10, TimeUnit.SECONDS).error()).isEqualTo(StoreError.DISK_FAILED);
            assertThatThrownBy(() -> write(files, "b", 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Input/output error");
        }
    }
}
