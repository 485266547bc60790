package io.fairlead.transport;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Registered memory: the source or destination of local operations, and, through grants, of a peer's. Thread-safe.
 * Concurrent access to the bytes is not ordered by the region: a remote writer beside a local reader may tear.
 */
public interface MemoryRegion extends AutoCloseable {
    /** The memory. It must not be closed by its owner before {@link #release()} completed. */
    MemorySegment segment();

    /** Bytes; may be more than 2 GiB. */
    default long size() {
        return segment().byteSize();
    }

    /** Whether closing the region frees its memory: true from {@link Transport#allocate}, false from {@code register}. */
    boolean ownsMemory();

    /**
     * Gives peers access to a range. Never blocks. Each grant has its own token and is revoked on its own.
     *
     * @param validFor how long from now, by this process's clock; null until it is revoked
     * @throws IllegalArgumentException if the range is not inside the region or empty
     * @throws TransportException {@link ErrorCode#REGION_CLOSED}, or {@link ErrorCode#RESOURCE_EXHAUSTED} if the table
     *     of grants is full
     */
    Grant grant(long offset, long length, Rights rights, @Nullable Duration validFor);

    /** Gives peers access to all of the region until revoked. */
    default Grant grant(Rights rights) {
        return grant(0, size(), rights, null);
    }

    /**
     * Revokes every grant at once. New remote operations are refused from this call on; the future completes when no
     * remote access can touch the memory any more. A connection caught in the middle of such an access is closed.
     * Never blocks; idempotent; the region stays usable for local operations and new grants.
     */
    CompletableFuture<@Nullable Void> revoke();

    /**
     * Revokes, waits for local operations that use the region, and unregisters; new operations are refused with {@link
     * ErrorCode#REGION_CLOSED}. The future completes when nothing of the transport can touch the memory. Never blocks;
     * idempotent.
     */
    CompletableFuture<@Nullable Void> release();

    /** Blocks until {@link #release()} is done, which the deadlines of operations in flight bound; not for a loop's thread. */
    @Override
    void close();

    /** A peer's access to one range of a region. */
    interface Grant {
        /** What to send to the peer. */
        RegionDescriptor descriptor();

        /** As {@link MemoryRegion#revoke()}, for this grant alone. */
        CompletableFuture<@Nullable Void> revoke();
    }
}
