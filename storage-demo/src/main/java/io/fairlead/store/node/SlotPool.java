package io.fairlead.store.node;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded number of slots of registered memory, leased to clients. A slot goes from free to held (the node's alone) to
 * leased (a client may touch it) and back to held, and free again. Leaving leased always revokes the grant and waits until no remote
 * access can touch the memory, so whoever holds a slot may trust its bytes to stay.
 *
 * <p>Thread-safe. Only {@link #freeze} blocks.
 */
final class SlotPool {
    private static final Logger LOG = LoggerFactory.getLogger(SlotPool.class);

    private final String name;
    private final MemoryRegion region;
    private final Rights rights;
    private final int slotBytes;
    private final int size;
    private final Duration leaseTime;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final Counter expired;

    // Guarded by this.
    private final Deque<Slot> free = new ArrayDeque<>();
    private final Map<Long, Lease> leased = new HashMap<>();

    /** @param region of {@code slots} times {@code slotBytes}, which the caller closes */
    SlotPool(
            String name,
            MemoryRegion region,
            int slotBytes,
            Rights rights,
            Duration leaseTime,
            LongSupplier nanoTime,
            MeterRegistry meters) {
        this.name = name;
        this.region = region;
        this.rights = rights;
        this.slotBytes = slotBytes;
        this.leaseTime = leaseTime;
        this.nanoTime = nanoTime;
        for (long offset = 0; offset + slotBytes <= region.size(); offset += slotBytes) {
            free.add(new Slot(offset, region.segment().asSlice(offset, slotBytes)));
        }
        this.size = free.size();
        Gauge.builder("store.slots.in.use", this, SlotPool::inUse)
                .tag("pool", name)
                .description("slots held or leased")
                .register(meters);
        Gauge.builder("store.slots", () -> size).tag("pool", name).register(meters);
        this.expired = Counter.builder("store.leases.expired")
                .tag("pool", name)
                .description("leases taken back because the client kept the slot too long")
                .register(meters);
    }

    /** A free slot, which is then the caller's alone; null if there is none. */
    synchronized @Nullable Slot hold() {
        // The one longest unused first: late accesses to it, if a card were to allow any, are longest past.
        return free.pollFirst();
    }

    /** Lets a client touch the first {@code length} bytes of a held slot. */
    Lease lease(Slot slot, int length, Object owner) {
        if (length < 1 || length > slotBytes) {
            throw new StoreException(
                    StoreError.TOO_LARGE, "a chunk of " + length + " B, allowed 1.." + slotBytes + " B in a slot");
        }
        MemoryRegion.Grant grant = region.grant(slot.offset(), length, rights, leaseTime);
        Lease lease =
                new Lease(random.nextLong(), owner, slot, length, grant, nanoTime.getAsLong() + leaseTime.toNanos());
        synchronized (this) {
            leased.put(lease.id(), lease);
        }
        return lease;
    }

    /**
     * Ends a lease and makes its slot the caller's alone, who must {@link #free} it. Blocks until the client can no longer touch it.
     *
     * @throws StoreException {@link StoreError#LEASE_LOST} if it has ended or is another connection's
     */
    Slot freeze(long id, Object owner) {
        Lease lease;
        synchronized (this) {
            lease = leased.get(id);
            if (lease == null || !lease.owner().equals(owner)) {
                throw new StoreException(
                        StoreError.LEASE_LOST,
                        "no such lease of a " + name + " slot on this connection; it may have expired after "
                                + leaseTime);
            }
            leased.remove(id);
        }
        lease.grant().revoke().join();
        return lease.slot();
    }

    /** Gives a held slot back. */
    synchronized void free(Slot slot) {
        free.addLast(slot);
    }

    /** Ends a lease if there is one; the slot is free some time later. */
    void release(long id, Object owner) {
        endIf(lease -> lease.id() == id && lease.owner().equals(owner));
    }

    /** Ends all leases of a connection that closed. */
    void releaseAll(Object owner) {
        endIf(lease -> lease.owner().equals(owner));
    }

    /** Ends the leases whose time is over. */
    void expire() {
        long nowNs = nanoTime.getAsLong();
        int count = endIf(lease -> nowNs - lease.expiresAtNs() >= 0);
        if (count > 0) {
            expired.increment(count);
            LOG.warn("{} leases of {} slots expired after {}", count, name, leaseTime);
        }
    }

    private int endIf(Predicate<Lease> condition) {
        List<Lease> ended = new ArrayList<>();
        synchronized (this) {
            leased.values().removeIf(lease -> condition.test(lease) && ended.add(lease));
        }
        for (Lease lease : ended) {
            // A revocation that fails keeps the slot: memory that a peer may touch is never leased again.
            lease.grant().revoke().thenRun(() -> free(lease.slot()));
        }
        return ended.size();
    }

    synchronized int inUse() {
        return size - free.size();
    }
}
