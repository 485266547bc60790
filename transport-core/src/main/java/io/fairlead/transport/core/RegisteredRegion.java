package io.fairlead.transport.core;

import io.fairlead.transport.Access;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.MemoryRegistrar.Registration;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A region of a software provider. Local operations enter {@link #use}; remote ones enter their grant. Views for the
 * socket calls are kept and used again, since making one allocates and a {@link ByteBuffer} cannot be moved to other memory.
 */
final class RegisteredRegion implements MemoryRegion {
    /** A view covers at most this much, since a buffer has {@code int} positions; consecutive views overlap by half. */
    private static final long WINDOW_STEP = 1L << 29;

    private static final long WINDOW_BYTES = 2 * WINDOW_STEP;

    private final RegionRegistry registry;
    private final MemorySegment segment;
    private final long address;
    private final @Nullable Arena arena;
    private final Registration registration;
    private final Use use = new Use();
    private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();
    private final Set<RegionGrant> grants = new HashSet<>();
    private final ViewStack[] views;

    RegisteredRegion(RegionRegistry registry, MemorySegment segment, @Nullable Arena arena, Registration registration) {
        this.registry = registry;
        this.segment = segment;
        this.address = segment.address();
        this.arena = arena;
        this.registration = registration;
        this.views = new ViewStack[(int) ((segment.byteSize() - 1) / WINDOW_STEP) + 1];
        for (int i = 0; i < views.length; i++) {
            views[i] = new ViewStack();
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public boolean ownsMemory() {
        return arena != null;
    }

    @Override
    public Grant grant(long offset, long length, Rights rights, @Nullable Duration validFor) {
        if (length < 1 || !covers(offset, length)) {
            throw new IllegalArgumentException(
                    "grant of " + length + " bytes at " + offset + " in a region of " + size() + " bytes");
        }
        if ((rights.bits() & Access.REMOTE_ATOMIC.bit()) != 0 && ((segment.address() + offset) & 7) != 0) {
            throw new IllegalArgumentException(
                    "a grant with atomics starts at a multiple of 8 bytes, not at " + offset);
        }
        synchronized (grants) {
            if (use.isShut()) {
                throw closed();
            }
            RegionGrant grant = registry.grants().add(this, offset, length, rights, validFor, this::revoked);
            grants.add(grant);
            return grant;
        }
    }

    private void revoked(RegionGrant grant) {
        synchronized (grants) {
            grants.remove(grant);
        }
        registry.grants().remove(grant);
        registry.evict(grant);
    }

    @Override
    public CompletableFuture<@Nullable Void> revoke() {
        RegionGrant[] now;
        synchronized (grants) {
            now = grants.toArray(RegionGrant[]::new);
        }
        CompletableFuture<?>[] all = new CompletableFuture<?>[now.length];
        for (int i = 0; i < now.length; i++) {
            all[i] = now[i].revoke();
        }
        return CompletableFuture.allOf(all).<@Nullable Void>thenApply(none -> null);
    }

    @Override
    public CompletableFuture<@Nullable Void> release() {
        boolean first;
        CompletableFuture<@Nullable Void> idle;
        synchronized (grants) {
            first = !use.isShut();
            idle = use.shut();
        }
        if (first) {
            CompletableFuture.allOf(idle, revoke()).thenRun(this::free);
        }
        return released.copy();
    }

    private void free() {
        registry.forget(this);
        try {
            registration.close();
            if (arena != null) {
                arena.close();
            }
            released.complete(null);
        } catch (IllegalStateException e) { // the application itself holds the memory in a call
            released.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        registry.checkNotOnLoop("close a region");
        release().join();
    }

    /** Of the region's first byte. Memory that is not the region's own may be gone there, if its arena was closed too early. */
    long address() {
        return address;
    }

    int localKey() {
        return registration.localKey();
    }

    boolean covers(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= segment.byteSize() - length;
    }

    boolean belongsTo(RegionRegistry other) {
        return registry == other;
    }

    boolean enter() {
        return use.enter();
    }

    void leave() {
        use.leave();
    }

    static TransportException closed() {
        return new TransportException(ErrorCode.REGION_CLOSED, "the region is closed");
    }

    /** A view whose position and limit enclose the range. Give it back with {@link #returnView}. */
    ByteBuffer view(long offset, int length) {
        int window = (int) (offset / WINDOW_STEP);
        ByteBuffer view = views[window].poll();
        long start = window * WINDOW_STEP;
        if (view == null) {
            view = segment.asSlice(start, Math.min(WINDOW_BYTES, segment.byteSize() - start))
                    .asByteBuffer();
        }
        int position = (int) (offset - start);
        return view.limit(position + length).position(position);
    }

    void returnView(long offset, ByteBuffer view) {
        views[(int) (offset / WINDOW_STEP)].push(view);
    }

    /** Views not in use. Several loops may share a region, so it has a lock. */
    private static final class ViewStack {
        private ByteBuffer[] free = new ByteBuffer[4];
        private int count;

        synchronized @Nullable ByteBuffer poll() {
            return count == 0 ? null : free[--count];
        }

        synchronized void push(ByteBuffer view) {
            if (count == free.length) {
                free = Arrays.copyOf(free, count * 2);
            }
            free[count++] = view;
        }
    }
}
