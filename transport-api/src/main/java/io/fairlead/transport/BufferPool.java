package io.fairlead.transport;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Registered memory by the piece: slabs are registered once, since registering is what RDMA pays for, and leased by
 * size class (powers of two). Bounded, thread-safe, never blocks.
 */
public interface BufferPool {
    /**
     * Leases at least {@code bytes}; the content is what the last holder left.
     *
     * @return null if the pool's bound is reached
     * @throws IllegalArgumentException if it is negative, or larger than the largest class
     */
    @Nullable
    PooledBuffer tryLease(long bytes);

    /** As {@link #tryLease}. @throws TransportException {@link ErrorCode#RESOURCE_EXHAUSTED} if the bound is reached */
    PooledBuffer lease(long bytes);

    /** Bytes of all slabs, leased or not. */
    long registeredBytes();

    /** Bytes out on lease, counted in whole size classes. */
    long leasedBytes();

    /** A lease. Its holder gives it back once with {@link #close()}, when no operation uses it any more. */
    interface PooledBuffer extends AutoCloseable {
        /** The slab; use it from {@link #offset()} on for {@link #length()} bytes only. */
        MemoryRegion region();

        long offset();

        /** The length asked for. */
        long length();

        /** The leased bytes. */
        MemorySegment segment();

        /** Gives the lease back. @throws IllegalStateException if it was given back before */
        @Override
        void close();
    }
}
