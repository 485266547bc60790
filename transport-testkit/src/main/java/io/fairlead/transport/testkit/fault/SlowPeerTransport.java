package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Message;
import io.fairlead.transport.Transport;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Is slow to handle what comes: each message, request and tag waits a while first. Never on a loop: handlers run on the executor. */
public final class SlowPeerTransport extends ForwardingTransport {
    private final Chance chance;
    private final Duration longest;

    public SlowPeerTransport(Transport inner, long seed, Duration longest) {
        super(inner);
        this.chance = new Chance(seed);
        this.longest = longest;
    }

    @Override
    protected ConnectionHandler decorate(ConnectionHandler handler) {
        return new Slow(handler);
    }

    private final class Slow extends ForwardingHandler {
        Slow(ConnectionHandler inner) {
            super(SlowPeerTransport.this, inner);
        }

        private void dawdle() {
            LockSupport.parkNanos(chance.upToNs(longest));
        }

        @Override
        public Dispatch dispatch() {
            return Dispatch.EXECUTOR;
        }

        @Override
        public void message(Connection connection, Message message) {
            dawdle();
            super.message(connection, message);
        }

        @Override
        public void request(Connection connection, long requestId, Message message) {
            dawdle();
            super.request(connection, requestId, message);
        }

        @Override
        public void notified(Connection connection, int tag) {
            dawdle();
            super.notified(connection, tag);
        }
    }
}
