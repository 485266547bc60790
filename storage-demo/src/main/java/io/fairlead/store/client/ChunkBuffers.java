package io.fairlead.store.client;

import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.Transport;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The client's memory for chunks under way: registered once, so many and no more. */
final class ChunkBuffers implements AutoCloseable {
    private final MemoryRegion region;
    private final BlockingQueue<Buffer> free;

    ChunkBuffers(Transport transport, int count, int bytesEach) {
        region = transport.allocate((long) count * bytesEach);
        free = new ArrayBlockingQueue<>(count);
        for (int i = 0; i < count; i++) {
            free.add(new Buffer((long) i * bytesEach, bytesEach));
        }
    }

    /** Waits for a free one. */
    Buffer take() throws InterruptedException {
        return free.take();
    }

    /** Null if there is none now. */
    @Nullable
    Buffer tryTake() {
        return free.poll();
    }

    @Override
    public void close() {
        region.close();
    }

    /** Belongs to who took it, and after {@link #close()} to the operations on it until the last has let go. */
    final class Buffer implements AutoCloseable {
        private final long offset;
        private final MemorySegment memory;
        private final List<CompletableFuture<?>> users = new CopyOnWriteArrayList<>();

        private Buffer(long offset, int bytes) {
            this.offset = offset;
            this.memory = region.segment().asSlice(offset, bytes);
        }

        MemoryRegion region() {
            return region;
        }

        long offset() {
            return offset;
        }

        ByteBuffer bytes() {
            return memory.asByteBuffer();
        }

        /** An operation that fails may still hold the buffer for a while. */
        void usedBy(Operation<?> operation) {
            users.add(operation.released());
        }

        @Override
        public void close() {
            CompletableFuture.allOf(users.toArray(CompletableFuture[]::new)).thenRun(() -> {
                users.clear();
                free.add(this);
            });
        }
    }
}
