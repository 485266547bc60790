package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Connection;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * Writes back and forth between two inboxes without notifications: a side sees the other's bytes by looking at its own memory, as {@code
 * ib_write_lat} does. All on the loops, which get their turn again and again: a look that finds nothing makes way by a fence.
 */
final class WritePingPong extends LoopInitiator {
    /** Some microseconds, or 20 where processors are emulated: there a hint that this spins would leave the emulated code. */
    private static final int LOOKS_A_TURN = 4096;

    private static final int WRITE = 0;
    private static final int FENCE = 1;

    private final PeerMemory memory;
    private final RegionDescriptor target;
    private boolean answers;
    private volatile boolean stopped;
    private long exchange;

    WritePingPong(Connection connection, PeerMemory memory, RegionDescriptor target) {
        super(connection);
        this.memory = memory;
        this.target = target;
    }

    @Override
    void begin(int operations) {
        exchange++;
        write();
    }

    /** The other side: answers each write by one of the same length and number, until told to stop. */
    void beginAnswers() {
        answers = true;
        stopped = false;
        onLoop(() -> {
            exchange++;
            lookSoon();
        });
    }

    void endAnswers() throws InterruptedException {
        stopped = true;
        awaitEnd();
        exchange--;
    }

    private void write() {
        long slot = memory.stamp(exchange, bytes);
        check(connection().tryWrite(memory.outbox(), slot, target, 0, bytes, BOUND_NS, this, WRITE));
    }

    /** Looks in the loop's next turn. */
    private void lookSoon() {
        check(connection().tryFence(BOUND_NS, this, FENCE));
    }

    /** A write has ended, so its slot is free again and the answer is to be looked for; or the loop has had its turn. */
    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            fail(failure);
        } else if (context == WRITE) {
            lookSoon();
        } else if (stopped) {
            end();
        } else {
            look();
        }
    }

    private void look() {
        for (int looks = 0; looks < LOOKS_A_TURN; looks++) {
            if (memory.hasArrived(exchange, bytes)) {
                arrived();
                return;
            }
        }
        lookSoon();
    }

    private void arrived() {
        if (answers) {
            write();
            exchange++;
        } else if (!endedOne()) {
            exchange++;
            write();
        }
    }
}
