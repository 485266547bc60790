package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.Batch;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import java.time.Duration;
import java.util.List;

/** A batch that unwraps regions for the provider. Decorators do not look into batches. */
final class ForwardingBatch implements Batch {
    private final Batch inner;

    ForwardingBatch(Batch inner) {
        this.inner = inner;
    }

    @Override
    public Batch write(
            MemoryRegion source, long sourceOffset, RegionDescriptor target, long targetOffset, long length) {
        inner.write(ForwardingRegion.unwrap(source), sourceOffset, target, targetOffset, length);
        return this;
    }

    @Override
    public Batch writeNotify(
            MemoryRegion source, long sourceOffset, RegionDescriptor target, long targetOffset, long length, int tag) {
        inner.writeNotify(ForwardingRegion.unwrap(source), sourceOffset, target, targetOffset, length, tag);
        return this;
    }

    @Override
    public Batch read(
            MemoryRegion destination, long destinationOffset, RegionDescriptor source, long sourceOffset, long length) {
        inner.read(ForwardingRegion.unwrap(destination), destinationOffset, source, sourceOffset, length);
        return this;
    }

    @Override
    public Batch compareAndSwap(RegionDescriptor target, long targetOffset, long expected, long replacement) {
        inner.compareAndSwap(target, targetOffset, expected, replacement);
        return this;
    }

    @Override
    public Batch fetchAndAdd(RegionDescriptor target, long targetOffset, long delta) {
        inner.fetchAndAdd(target, targetOffset, delta);
        return this;
    }

    @Override
    public Batch send(MemoryRegion source, long sourceOffset, long length) {
        inner.send(ForwardingRegion.unwrap(source), sourceOffset, length);
        return this;
    }

    @Override
    public Batch fence() {
        inner.fence();
        return this;
    }

    @Override
    public int size() {
        return inner.size();
    }

    @Override
    public Operation<List<Entry>> submit(Duration timeout) {
        return inner.submit(timeout);
    }
}
