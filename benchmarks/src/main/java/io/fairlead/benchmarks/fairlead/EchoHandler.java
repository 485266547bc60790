package io.fairlead.benchmarks.fairlead;

import io.fairlead.benchmarks.Workload;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends each message back, on the loop, from registered memory used in turn. */
final class EchoHandler implements ConnectionHandler, Completion {
    static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final MemoryRegion region;
    private final int slotBytes;
    private final int slots;
    private int next;

    EchoHandler(Transport transport, Workload workload) {
        slotBytes = workload.payloadBytes();
        slots = 2 * workload.inFlight();
        region = transport.allocate((long) slots * slotBytes);
    }

    @Override
    public Dispatch dispatch() {
        return Dispatch.INLINE;
    }

    @Override
    public void message(Connection from, Message message) {
        long slot = (long) next * slotBytes;
        next = (next + 1) % slots;
        MemorySegment.copy(message.buffer(), message.offset(), region.segment(), slot, message.length());
        long answer = from.trySend(region, slot, message.length(), TIMEOUT_NS, this, 0);
        if (answer < 0) {
            throw new IllegalStateException("echo refused: " + answer);
        }
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        // A failure has closed the connection, which the client notices.
    }
}
