package io.fairlead.benchmarks.fairlead;

import io.fairlead.benchmarks.Lane;
import io.fairlead.benchmarks.Workload.Kind;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** One-sided writes from the source, or reads to the target. */
final class OneSidedDriver extends LaneDriver {
    private final MemoryRegion local;
    private final RegionDescriptor remote;

    OneSidedDriver(MemoryRegion local, RegionDescriptor remote) {
        this.local = local;
        this.remote = remote;
    }

    @Override
    long submit(Lane driven, long op) {
        int bytes = driven.workload().payloadBytes();
        long source = driven.sourceOffset(op);
        long target = driven.targetOffset(op);
        return driven.workload().kind() == Kind.WRITE
                ? connection().tryWrite(local, source, remote, target, bytes, TIMEOUT_NS, this, op)
                : connection().tryRead(local, target, remote, source, bytes, TIMEOUT_NS, this, op);
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            failed(failure);
            return;
        }
        lane().completed(1);
        fill();
    }
}
