package io.fairlead.benchmarks.fairlead;

import io.fairlead.benchmarks.Lane;
import io.fairlead.transport.Connection;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Sends slices of the source as messages, and keeps what comes back. */
final class EchoDriver extends LaneDriver {
    private final MemoryRegion source;
    private final MemorySegment target;
    private long current;

    EchoDriver(MemoryRegion source, MemorySegment target) {
        this.source = source;
        this.target = target;
    }

    @Override
    long submit(Lane driven, long op) {
        current = op;
        int bytes = driven.workload().payloadBytes();
        return connection().trySend(source, driven.sourceOffset(op), bytes, TIMEOUT_NS, this, op);
    }

    @Override
    public void message(Connection from, Message message) {
        MemorySegment.copy(message.buffer(), message.offset(), target, lane().targetOffset(current), message.length());
        lane().completed(1);
        fill();
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            failed(failure);
        }
    }
}
