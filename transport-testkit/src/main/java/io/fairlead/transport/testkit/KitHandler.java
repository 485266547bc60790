package io.fairlead.transport.testkit;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Message;
import io.fairlead.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A handler that counts, runs what a promise gives it, and checks the rules of calling: opened first, one call at a time,
 * closed once and last. One per connection.
 */
public final class KitHandler implements ConnectionHandler {
    /** Called with a message; may throw, which fails the promise. */
    @FunctionalInterface
    public interface MessageAction {
        void accept(Connection connection, Message message);
    }

    /** Called with a tag. */
    @FunctionalInterface
    public interface TagAction {
        void accept(Connection connection, int tag);
    }

    /** Called with a request; to be answered. */
    @FunctionalInterface
    public interface RequestAction {
        void accept(Connection connection, long requestId, Message message);
    }

    private final Dispatch dispatch;
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final CompletableFuture<TransportException> closed = new CompletableFuture<>();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong tags = new AtomicLong();
    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger closedCalls = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final List<Throwable> faults = new ArrayList<>();
    private volatile MessageAction onMessage = (connection, message) -> {};
    private volatile TagAction onTag = (connection, tag) -> {};
    private volatile RequestAction onRequest = (connection, id, message) -> connection.reply(id, message.payload());

    public KitHandler(Dispatch dispatch) {
        this.dispatch = dispatch;
    }

    public KitHandler onMessage(MessageAction action) {
        onMessage = action;
        return this;
    }

    public KitHandler onTag(TagAction action) {
        onTag = action;
        return this;
    }

    public KitHandler onRequest(RequestAction action) {
        onRequest = action;
        return this;
    }

    @Override
    public Dispatch dispatch() {
        return dispatch;
    }

    @Override
    public void opened(Connection connection) {
        alone("opened", false, () -> {
            if (!opened.complete(connection)) {
                throw new AssertionError("opened was called twice");
            }
        });
    }

    @Override
    public void message(Connection connection, Message message) {
        alone("message", true, () -> onMessage.accept(connection, message));
        messages.incrementAndGet();
    }

    @Override
    public void request(Connection connection, long requestId, Message message) {
        alone("request", true, () -> onRequest.accept(connection, requestId, message));
        requests.incrementAndGet();
    }

    @Override
    public void notified(Connection connection, int tag) {
        alone("notified", true, () -> onTag.accept(connection, tag));
        tags.incrementAndGet();
    }

    @Override
    public void datagram(Connection connection, Message message) {
        alone("datagram", true, () -> onMessage.accept(connection, message));
        datagrams.incrementAndGet();
    }

    @Override
    public void closed(Connection connection, TransportException cause) {
        alone("closed", false, () -> {
            if (closedCalls.incrementAndGet() > 1) {
                throw new AssertionError("closed was called twice");
            }
        });
        closed.complete(cause);
    }

    private void alone(String call, boolean needsOpen, Runnable action) {
        if (!busy.compareAndSet(false, true)) {
            fault(new AssertionError(call + " was called beside another call of the same connection"));
        }
        try {
            if (needsOpen && !opened.isDone()) {
                throw new AssertionError(call + " was called before opened");
            }
            if (needsOpen && closedCalls.get() > 0) {
                throw new AssertionError(call + " was called after closed");
            }
            action.run();
        } catch (TransportException e) {
            // Replying on a connection that just died is no fault of anybody's.
            if (e.code() != ErrorCode.CLOSED) {
                fault(e);
            }
        } catch (RuntimeException | AssertionError e) {
            fault(e);
        } finally {
            busy.set(false);
        }
    }

    private void fault(Throwable fault) {
        synchronized (faults) {
            if (faults.size() < 5) {
                faults.add(fault);
            }
        }
    }

    /** The connection, when it is open. */
    public CompletableFuture<Connection> opened() {
        return opened;
    }

    /** The cause, when {@code closed} was called. */
    public CompletableFuture<TransportException> closed() {
        return closed;
    }

    /** Messages whose handling has ended. */
    public long messages() {
        return messages.get();
    }

    public long tags() {
        return tags.get();
    }

    public long datagrams() {
        return datagrams.get();
    }

    public int requests() {
        return requests.get();
    }

    /** The first broken rule or failed check inside a call, or null. */
    public @Nullable Throwable fault() {
        synchronized (faults) {
            return faults.isEmpty() ? null : faults.getFirst();
        }
    }
}
