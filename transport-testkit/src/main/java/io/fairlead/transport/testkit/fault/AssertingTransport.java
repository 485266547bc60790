package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks its caller: buffers used or changed before they were released, messages kept, calls that block inside
 * callbacks, second and missing replies, leases and memory given up too early or never. It goes on after a fault; {@link #faults()} tells
 * them all, each with the stack of the call.
 */
public final class AssertingTransport extends ForwardingTransport {
    private final CallerFaults faults = new CallerFaults();
    private final BuffersInUse buffers = new BuffersInUse(faults);

    public AssertingTransport(Transport inner) {
        super(inner);
    }

    /** What the caller did wrong so far. */
    public List<AssertionError> faults() {
        return faults.all();
    }

    /** Fails with the first fault, if there is one. */
    public void verify() {
        List<AssertionError> all = faults();
        if (!all.isEmpty()) {
            AssertionError first = new AssertionError(
                    all.size() + " faults of the caller; the first: "
                            + all.getFirst().getMessage(),
                    all.getFirst());
            all.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    @Override
    protected Connection decorate(Connection connection) {
        return new AssertingConnection(this, connection, faults, buffers);
    }

    @Override
    protected ConnectionHandler decorate(ConnectionHandler handler) {
        return new Watched(handler);
    }

    @Override
    protected MemoryRegion decorate(MemoryRegion region) {
        return new WatchedRegion(region);
    }

    @Override
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        if (inner().buffers().leasedBytes() > 0 && buffers.isEmpty()) {
            faults.add(inner().buffers().leasedBytes() + " bytes of the pool were never given back");
        }
        return super.close(drain);
    }

    @Override
    public void close() {
        faults.blocks("closing a transport");
        super.close();
    }

    private final class WatchedRegion extends ForwardingRegion {
        WatchedRegion(MemoryRegion inner) {
            super(inner);
        }

        @Override
        public CompletableFuture<@Nullable Void> release() {
            if (!inner().segment().scope().isAlive()) {
                faults.add("memory was closed before its region was released");
            }
            return super.release();
        }

        @Override
        public void close() {
            faults.blocks("closing a region");
            super.close();
        }
    }

    /** Marks inline calls as callbacks, and takes messages away afterwards. */
    private final class Watched extends ForwardingHandler {
        Watched(ConnectionHandler inner) {
            super(AssertingTransport.this, inner);
        }

        private void call(String name, Runnable call) {
            if (dispatch() == Dispatch.INLINE) {
                faults.inCallback("an inline " + name, call);
            } else {
                call.run();
            }
        }

        private void withMessage(String name, Message message, Consumer<Message> handle) {
            GuardedMessage guarded = new GuardedMessage(message, faults);
            try {
                call(name, () -> handle.accept(guarded));
            } finally {
                guarded.over();
            }
        }

        @Override
        public void message(Connection connection, Message message) {
            withMessage("message", message, guarded -> super.message(connection, guarded));
        }

        @Override
        public void request(Connection connection, long requestId, Message message) {
            ((AssertingConnection) decorated(connection)).asked(requestId);
            withMessage("request", message, guarded -> super.request(connection, requestId, guarded));
        }

        @Override
        public void notified(Connection connection, int tag) {
            call("notification", () -> super.notified(connection, tag));
        }

        @Override
        public void datagram(Connection connection, Message message) {
            withMessage("datagram", message, guarded -> super.datagram(connection, guarded));
        }
    }
}
