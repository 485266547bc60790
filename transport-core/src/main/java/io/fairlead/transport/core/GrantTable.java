package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.MemoryRegistrar.Registration;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All grants of a transport by slot. Looked up without a lock by every loop; changed under one. A freed slot comes back with the
 * next generation, after all other free ones.
 */
final class GrantTable {
    private final int limit;
    private final long incarnation;
    private final InstantSource clock;
    private final MemoryRegistrar registrar;
    private final Expiry expiry;
    private final SecureRandom random = new SecureRandom();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    /** Replaced when it grows; slots are written under the lock and read racily: a grant is checked by its token. */
    private volatile @Nullable RegionGrant[] grants = new @Nullable RegionGrant[16];

    private int[] generations = new int[16];
    private int used;

    GrantTable(int limit, long incarnation, InstantSource clock, MemoryRegistrar registrar) {
        this.limit = limit;
        this.incarnation = incarnation;
        this.clock = clock;
        this.registrar = registrar;
        this.expiry = new Expiry(clock);
    }

    /** The grant in a slot, or null. Any thread. */
    @Nullable
    RegionGrant at(int slot) {
        @Nullable RegionGrant[] table = grants;
        return slot >= 0 && slot < table.length ? table[slot] : null;
    }

    synchronized RegionGrant add(
            RegisteredRegion region,
            long offset,
            long length,
            Rights rights,
            @Nullable Duration validFor,
            Consumer<RegionGrant> revoked) {
        Registration registration = registrar.register(region.segment().asSlice(offset, length), rights);
        Integer reused = free.poll();
        int slot = reused != null ? reused : used;
        if (slot >= limit) {
            registration.close();
            throw new TransportException(ErrorCode.RESOURCE_EXHAUSTED, "limit maxGrants of " + limit + " is reached");
        }
        if (reused == null) {
            used++;
            if (slot == generations.length) {
                generations = Arrays.copyOf(generations, slot * 2);
                grants = Arrays.copyOf(grants, slot * 2);
            }
        }
        RegionDescriptor descriptor = new RegionDescriptor(
                slot,
                generations[slot],
                random.nextLong(),
                length,
                rights,
                incarnation,
                validFor == null ? null : clock.instant().plus(validFor),
                registration.key());
        RegionGrant grant = new RegionGrant(region, offset, descriptor, registration, revoked);
        grants[slot] = grant;
        if (validFor != null && registration != Registration.NONE) {
            expiry.add(grant);
        }
        return grant;
    }

    synchronized void remove(RegionGrant grant) {
        int slot = grant.descriptor().regionId();
        if (grants[slot] == grant) {
            grants[slot] = null;
            generations[slot]++;
            free.add(slot);
        }
    }

    synchronized int size() {
        return used - free.size();
    }
}
