package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Connection;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** Writes of the same bytes to the same place, a window of them in flight, as the tools of perftest do it. */
final class WriteStream extends LoopInitiator {
    private final PeerMemory memory;
    private final RegionDescriptor target;
    private final int window;
    private int toStart;

    WriteStream(Connection connection, PeerMemory memory, RegionDescriptor target, int window) {
        super(connection);
        this.memory = memory;
        this.target = target;
        this.window = window;
    }

    @Override
    void begin(int operations) {
        toStart = operations;
        for (int i = 0; i < window; i++) {
            writeNext();
        }
    }

    private void writeNext() {
        if (toStart > 0) {
            toStart--;
            check(connection().tryWrite(memory.outbox(), 0, target, 0, bytes, BOUND_NS, this, 0));
        }
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            fail(failure);
        } else if (!endedOne()) {
            writeNext();
        }
    }
}
