package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Connection;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** One read of the peer's inbox after the other, each started by the end of the one before. */
final class Reads extends LoopInitiator {
    private final PeerMemory memory;
    private final RegionDescriptor source;

    Reads(Connection connection, PeerMemory memory, RegionDescriptor source) {
        super(connection);
        this.memory = memory;
        this.source = source;
    }

    @Override
    void begin(int operations) {
        read();
    }

    private void read() {
        check(connection().tryRead(memory.inbox(), 0, source, 0, bytes, BOUND_NS, this, 0));
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            fail(failure);
        } else if (!endedOne()) {
            read();
        }
    }
}
