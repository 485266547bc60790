package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The registered regions of a software transport and their grants. Thread-safe. */
final class RegionRegistry {
    private static final long PAGE_BYTES = 4096;

    private final Limits limits;
    private final GrantTable grants;
    private final Consumer<RegionGrant> evictor;
    private final BooleanSupplier onLoop;
    private final MemoryRegistrar registrar;
    private final Set<RegisteredRegion> regions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final LongAdder bytes = new LongAdder();

    /**
     * @param evictor closes the connections that are in the middle of an access by a revoked grant
     * @param onLoop whether the caller is a loop, which must never block
     */
    RegionRegistry(
            Limits limits,
            long incarnation,
            InstantSource clock,
            Consumer<RegionGrant> evictor,
            BooleanSupplier onLoop,
            MemoryRegistrar registrar) {
        this.limits = limits;
        this.grants = new GrantTable(limits.maxGrants(), incarnation, clock, registrar);
        this.evictor = evictor;
        this.onLoop = onLoop;
        this.registrar = registrar;
    }

    MemoryRegion register(MemorySegment memory) {
        if (!memory.isNative() || memory.isReadOnly() || memory.byteSize() == 0) {
            throw new IllegalArgumentException(
                    "a region needs native, writable memory of at least 1 byte, not " + memory);
        }
        if (!memory.isAccessibleBy(new Thread(() -> {}))) {
            throw new IllegalArgumentException(
                    "a region needs memory that all threads may access, not a confined arena's");
        }
        return add(memory, null);
    }

    @SuppressWarnings("MustBeClosedChecker") // the region closes it
    MemoryRegion allocate(long size) {
        if (size < 1) {
            throw new IllegalArgumentException("a region has at least 1 byte, not " + size);
        }
        Arena arena = Arena.ofShared();
        try {
            return add(arena.allocate(size, PAGE_BYTES), arena);
        } catch (TransportException | OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    private RegisteredRegion add(MemorySegment memory, @Nullable Arena arena) {
        if (count.incrementAndGet() > limits.maxRegions()) {
            count.decrementAndGet();
            throw new TransportException(
                    ErrorCode.RESOURCE_EXHAUSTED, "limit maxRegions of " + limits.maxRegions() + " is reached");
        }
        RegisteredRegion region;
        try {
            region = new RegisteredRegion(this, memory, arena, registrar.register(memory, null));
        } catch (TransportException e) {
            count.decrementAndGet();
            throw e;
        }
        regions.add(region);
        bytes.add(memory.byteSize());
        return region;
    }

    void forget(RegisteredRegion region) {
        if (regions.remove(region)) {
            count.decrementAndGet();
            bytes.add(-region.size());
        }
    }

    GrantTable grants() {
        return grants;
    }

    void evict(RegionGrant grant) {
        evictor.accept(grant);
    }

    void checkNotOnLoop(String what) {
        if (onLoop.getAsBoolean()) {
            throw new IllegalStateException("an event loop must not block to " + what);
        }
    }

    List<RegisteredRegion> open() {
        return List.copyOf(regions);
    }

    int regions() {
        return count.get();
    }

    long registeredBytes() {
        return bytes.sum();
    }
}
