package io.fairlead.transport.core;

import io.fairlead.transport.BufferPool;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pooled buffers of power-of-two classes from 256 B to the largest message, cut from slabs that are registered once. A slab belongs to one
 * class for good, so nothing is ever split or joined. A lease that becomes garbage without being closed is reported with its size and
 * taken back.
 */
final class SlabPool implements BufferPool {
    private static final Logger LOG = LoggerFactory.getLogger(SlabPool.class);
    private static final Cleaner CLEANER =
            Cleaner.create(Thread.ofPlatform().daemon().name("leases-lost").factory());
    private static final int SMALLEST_LOG2 = 8;
    private static final long SLAB_BYTES = 1L << 20;

    private final int largestLog2;
    private final LongFunction<MemoryRegion> allocate;
    private final long limitBytes;
    private final List<MemoryRegion> slabs = new ArrayList<>();
    private final List<ArrayDeque<Piece>> free = new ArrayList<>();
    private long registered;
    private long leased;

    /** A piece of a slab. */
    private record Piece(MemoryRegion slab, long offset, int log2) {}

    /** @param largestLease the most bytes of one lease; at least 16 MiB are made possible */
    SlabPool(long limitBytes, long largestLease, LongFunction<MemoryRegion> allocate) {
        this.largestLog2 = Math.max(24, log2(largestLease));
        this.limitBytes = limitBytes;
        this.allocate = allocate;
        for (int i = SMALLEST_LOG2; i <= largestLog2; i++) {
            free.add(new ArrayDeque<>());
        }
    }

    @Override
    public @Nullable PooledBuffer tryLease(long bytes) {
        if (bytes < 0 || bytes > 1L << largestLog2) {
            throw new IllegalArgumentException("a lease has 0 to " + (1L << largestLog2) + " bytes, not " + bytes);
        }
        int log2 = Math.max(SMALLEST_LOG2, log2(bytes));
        Piece piece;
        synchronized (this) {
            ArrayDeque<Piece> pieces = free.get(log2 - SMALLEST_LOG2);
            if (pieces.isEmpty() && !grow(log2, pieces)) {
                return null;
            }
            piece = pieces.pop();
            leased += 1L << log2;
        }
        return new Lease(this, piece, bytes);
    }

    /** The size class: the least n with {@code 2^n >= bytes}. */
    private static int log2(long bytes) {
        return 64 - Long.numberOfLeadingZeros(Math.max(1, bytes) - 1);
    }

    private boolean grow(int log2, ArrayDeque<Piece> pieces) {
        long bytes = Math.max(SLAB_BYTES, 1L << log2);
        if (registered + bytes > limitBytes) {
            return false;
        }
        MemoryRegion slab = allocate.apply(bytes);
        slabs.add(slab);
        registered += bytes;
        for (long offset = 0; offset < bytes; offset += 1L << log2) {
            pieces.add(new Piece(slab, offset, log2));
        }
        return true;
    }

    @Override
    public PooledBuffer lease(long bytes) {
        PooledBuffer buffer = tryLease(bytes);
        if (buffer == null) {
            throw new TransportException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    "limit poolBytes of " + limitBytes + " is reached, " + leasedBytes() + " are leased, wanted "
                            + bytes);
        }
        return buffer;
    }

    private synchronized void giveBack(Piece piece) {
        leased -= 1L << piece.log2();
        free.get(piece.log2() - SMALLEST_LOG2).push(piece);
    }

    @Override
    public synchronized long registeredBytes() {
        return registered;
    }

    @Override
    public synchronized long leasedBytes() {
        return leased;
    }

    /** What of the pool is a region; closed with the transport. */
    synchronized List<MemoryRegion> slabs() {
        return List.copyOf(slabs);
    }

    /** Gives the piece back once, by whoever comes first: the holder, or the collector. */
    private static final class GiveBack implements Runnable {
        private final SlabPool pool;
        private final Piece piece;
        private final AtomicBoolean done = new AtomicBoolean();

        GiveBack(SlabPool pool, Piece piece) {
            this.pool = pool;
            this.piece = piece;
        }

        @Override
        public void run() {
            if (done.compareAndSet(false, true)) {
                LOG.error("a pooled buffer of {} bytes was never closed; it is taken back", 1L << piece.log2());
                pool.giveBack(piece);
            }
        }

        boolean byHolder() {
            boolean first = done.compareAndSet(false, true);
            if (first) {
                pool.giveBack(piece);
            }
            return first;
        }
    }

    private static final class Lease implements PooledBuffer {
        private final Piece piece;
        private final long length;
        private final GiveBack giveBack;
        private final Cleaner.Cleanable cleanable;

        Lease(SlabPool pool, Piece piece, long length) {
            this.piece = piece;
            this.length = length;
            this.giveBack = new GiveBack(pool, piece);
            this.cleanable = CLEANER.register(this, giveBack);
        }

        @Override
        public MemoryRegion region() {
            return piece.slab();
        }

        @Override
        public long offset() {
            return piece.offset();
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public MemorySegment segment() {
            return piece.slab().segment().asSlice(piece.offset(), length);
        }

        @Override
        public void close() {
            if (!giveBack.byHolder()) {
                throw new IllegalStateException("the lease was given back before");
            }
            cleanable.clean();
        }
    }
}
