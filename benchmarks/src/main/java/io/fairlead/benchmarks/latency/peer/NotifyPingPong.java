package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Connection;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** Writes with notification back and forth between two inboxes, all on the loops, by inline handlers. */
final class NotifyPingPong extends LoopInitiator {
    private final PeerMemory memory;
    private final RegionDescriptor target;
    private long exchange;

    NotifyPingPong(Connection connection, PeerMemory memory, RegionDescriptor target) {
        super(connection);
        this.memory = memory;
        this.target = target;
    }

    @Override
    void begin(int operations) {
        exchange++;
        write();
    }

    private void write() {
        check(tryWrite());
    }

    private long tryWrite() {
        long slot = memory.stamp(exchange, bytes);
        int tag = (int) exchange;
        return connection().tryWriteNotify(memory.outbox(), slot, target, 0, bytes, tag, BOUND_NS, this, 0);
    }

    /** The answer has been written here. */
    void notified(int tag) {
        if (tag != (int) exchange || !memory.hasArrived(exchange, bytes)) {
            fail("notification " + tag + " instead of " + exchange + ", or its bytes are not there");
        } else if (!endedOne()) {
            exchange++;
            write();
        }
    }

    /** The other side: answers a write by one of its own of the same length and number. */
    void answer(int tag) {
        exchange++;
        if (tag != (int) exchange || !memory.hasArrived(exchange, bytes)) {
            throw new IllegalStateException("notification " + tag + " instead of " + exchange);
        }
        if (tryWrite() < 0) {
            throw new IllegalStateException("answer " + exchange + " was refused");
        }
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            fail(failure);
        }
    }
}
