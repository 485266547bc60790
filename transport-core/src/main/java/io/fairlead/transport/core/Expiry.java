package io.fairlead.transport.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends the registrations of grants whose time is over, where hardware knows nothing of time: within {@link #EVERY} of it. Has a thread
 * only while there are such grants. Thread-safe.
 */
final class Expiry {
    static final Duration EVERY = Duration.ofMillis(50);

    private final InstantSource clock;
    private final List<RegionGrant> expiring = new ArrayList<>();
    private @Nullable Thread sweeper;

    Expiry(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(RegionGrant grant) {
        expiring.add(grant);
        if (sweeper == null) {
            sweeper = Thread.ofVirtual().name("fairlead-expiry").start(this::sweep);
        }
    }

    private void sweep() {
        try {
            while (dropOver()) {
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether some are left */
    private synchronized boolean dropOver() {
        Instant now = clock.instant();
        for (RegionGrant grant : List.copyOf(expiring)) {
            Instant expiresAt = grant.descriptor().expiresAt();
            boolean over = expiresAt != null && !now.isBefore(expiresAt);
            if (over) {
                grant.dropRegistration();
            }
            if (over || grant.isRevoked()) {
                expiring.remove(grant);
            }
        }
        if (expiring.isEmpty()) {
            sweeper = null;
        }
        return !expiring.isEmpty();
    }
}
