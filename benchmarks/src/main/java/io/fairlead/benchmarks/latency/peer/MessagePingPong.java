package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Connection;
import io.fairlead.transport.Message;
import io.fairlead.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** Messages back and forth, all on the loops, by inline handlers. */
final class MessagePingPong extends LoopInitiator {
    private final PeerMemory memory;
    private long exchange;

    MessagePingPong(Connection connection, PeerMemory memory) {
        super(connection);
        this.memory = memory;
    }

    @Override
    void begin(int operations) {
        send();
    }

    private void send() {
        exchange++;
        long slot = memory.stamp(exchange, bytes);
        check(connection().trySend(memory.outbox(), slot, bytes, BOUND_NS, this, 0));
    }

    /** The answer. */
    void message(Message message) {
        long stamp = PeerMemory.stampOf(message.buffer(), message.offset(), message.length());
        if (message.length() != bytes || stamp != exchange) {
            fail("message " + stamp + " of " + message.length() + " bytes instead of " + exchange + " of " + bytes);
        } else if (!endedOne()) {
            send();
        }
    }

    /** The other side: answers a message by one of its own of the same length and number. */
    void answer(Message message) {
        bytes = (int) message.length();
        exchange = PeerMemory.stampOf(message.buffer(), message.offset(), bytes);
        long slot = memory.stamp(exchange, bytes);
        if (connection().trySend(memory.outbox(), slot, bytes, BOUND_NS, this, 0) < 0) {
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
