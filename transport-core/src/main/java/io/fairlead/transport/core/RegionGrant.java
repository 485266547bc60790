package io.fairlead.transport.core;

import io.fairlead.transport.Access;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.core.MemoryRegistrar.Registration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A peer's access to a range, as the target sees it: checked and entered for each frame, shut by revocation. */
final class RegionGrant implements MemoryRegion.Grant {
    final RegisteredRegion region;

    /** Where the range starts in the region. */
    final long base;

    private final RegionDescriptor descriptor;
    private final long expiresAtMs;
    private final Use use = new Use();
    private final Registration registration;
    private final Consumer<RegionGrant> revoked;

    RegionGrant(
            RegisteredRegion region,
            long base,
            RegionDescriptor descriptor,
            Registration registration,
            Consumer<RegionGrant> revoked) {
        this.region = region;
        this.base = base;
        this.descriptor = descriptor;
        Instant expiry = descriptor.expiresAt();
        this.expiresAtMs = expiry == null ? Long.MAX_VALUE : expiry.toEpochMilli();
        this.registration = registration;
        this.revoked = revoked;
    }

    @Override
    public RegionDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public CompletableFuture<@Nullable Void> revoke() {
        boolean first = !use.isShut();
        if (first) {
            registration.close();
        }
        CompletableFuture<@Nullable Void> idle = use.shut();
        if (first) {
            revoked.accept(this);
        }
        // A copy: a caller who completes or cancels the future must not end anybody else's waiting.
        return idle.copy();
    }

    /** Its time is over: hardware lets nobody in by it any more. */
    void dropRegistration() {
        registration.close();
    }

    boolean isRevoked() {
        return use.isShut();
    }

    /** @return null if the peer may touch this range now, else why not */
    @Nullable
    String refusal(int generation, long token, Access access, long offset, long length, InstantSource clock) {
        if (generation != descriptor.generation()) {
            return "stale generation";
        }
        if (token != descriptor.token()) {
            return "unknown token";
        }
        if (!descriptor.rights().allows(access)) {
            return "no right";
        }
        if (!descriptor.covers(offset, length)) {
            return "out of bounds";
        }
        if (expiresAtMs != Long.MAX_VALUE && clock.millis() >= expiresAtMs) {
            return "expired";
        }
        return isRevoked() ? "revoked" : null;
    }

    /** Lets a remote access in; {@link #leave()} ends it. @return false if the grant is revoked */
    boolean enter() {
        return use.enter();
    }

    void leave() {
        use.leave();
    }
}
