package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A region that passes everything on. Forwarding connections unwrap it for the provider. */
public class ForwardingRegion implements MemoryRegion {
    private final MemoryRegion inner;

    protected ForwardingRegion(MemoryRegion inner) {
        this.inner = inner;
    }

    /** The provider's own region behind any number of wrappings. */
    static MemoryRegion unwrap(MemoryRegion region) {
        MemoryRegion now = region;
        while (now instanceof ForwardingRegion wrapped) {
            now = wrapped.inner;
        }
        return now;
    }

    protected final MemoryRegion inner() {
        return inner;
    }

    @Override
    public MemorySegment segment() {
        return inner.segment();
    }

    @Override
    public boolean ownsMemory() {
        return inner.ownsMemory();
    }

    @Override
    public Grant grant(long offset, long length, Rights rights, @Nullable Duration validFor) {
        return inner.grant(offset, length, rights, validFor);
    }

    @Override
    public CompletableFuture<@Nullable Void> revoke() {
        return inner.revoke();
    }

    @Override
    public CompletableFuture<@Nullable Void> release() {
        return inner.release();
    }

    @Override
    public void close() {
        inner.close();
    }
}
