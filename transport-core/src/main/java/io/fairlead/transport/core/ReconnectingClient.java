package io.fairlead.transport.core;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Connection;
import io.fairlead.transport.Connection.State;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to an endpoint: when it ends, connects again, with pauses that grow and jitter. It replays
 * nothing: operations of a lost connection have failed, and descriptors of a restarted peer are refused. Thread-safe, never blocks
 * but in {@link #close()}.
 */
public final class ReconnectingClient implements AutoCloseable {
    /** The clock and the pauses, which a test owns. */
    interface Time {
        Time REAL = new Time() {
            @Override
            public long nowNs() {
                return System.nanoTime();
            }

            @Override
            public void after(long pauseNs, Runnable task) {
                CompletableFuture.delayedExecutor(pauseNs, TimeUnit.NANOSECONDS).execute(task);
            }
        };

        long nowNs();

        void after(long pauseNs, Runnable task);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingClient.class);

    private final Transport transport;
    private final Endpoint remote;
    private final Supplier<ConnectionHandler> handlers;
    private final ReconnectPolicy policy;
    private final RandomGenerator random;
    private final Time time;
    private @Nullable Connection current;
    private CompletableFuture<Connection> next = new CompletableFuture<>();
    private int failures;
    private long attempts;
    private boolean connectedBefore;
    private @Nullable Throwable lastFailure;
    private boolean closed;

    /**
     * Starts to connect at once.
     *
     * @param handlers gives each connection its handler
     * @param random for the jitter; its owner decides on the seed
     */
    public ReconnectingClient(
            Transport transport,
            Endpoint remote,
            Supplier<ConnectionHandler> handlers,
            ReconnectPolicy policy,
            RandomGenerator random) {
        this(transport, remote, handlers, policy, random, Time.REAL);
    }

    ReconnectingClient(
            Transport transport,
            Endpoint remote,
            Supplier<ConnectionHandler> handlers,
            ReconnectPolicy policy,
            RandomGenerator random,
            Time time) {
        this.transport = transport;
        this.remote = remote;
        this.handlers = handlers;
        this.policy = policy;
        this.random = random;
        this.time = time;
        attempt();
    }

    public ReconnectingClient(Transport transport, Endpoint remote, Supplier<ConnectionHandler> handlers) {
        this(transport, remote, handlers, ReconnectPolicy.DEFAULT, RandomGenerator.getDefault());
    }

    /**
     * The open connection, or the next one. The future fails only when this client is closed; bound the waiting with
     * {@code orTimeout}.
     */
    public synchronized CompletableFuture<Connection> connection() {
        Connection now = current;
        return now != null && now.state() == State.OPEN ? CompletableFuture.completedFuture(now) : next.copy();
    }

    /** The open connection, or null at once. */
    public synchronized @Nullable Connection connectionNow() {
        Connection now = current;
        return now != null && now.state() == State.OPEN ? now : null;
    }

    /** Attempts so far, successful or not. */
    public synchronized long attempts() {
        return attempts;
    }

    /** Why the last attempt or connection ended, or null while there was none. */
    public synchronized @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    private void attempt() {
        synchronized (this) {
            if (closed) {
                return;
            }
            attempts++;
        }
        CompletableFuture<Connection> connecting;
        try {
            connecting = transport.connect(remote, handlers.get());
        } catch (TransportException e) { // the transport is closed
            connecting = CompletableFuture.failedFuture(e);
        }
        connecting.whenComplete((connection, failure) -> {
            if (failure == null) {
                connected(connection);
            } else {
                failed(failure);
            }
        });
    }

    private void connected(Connection connection) {
        CompletableFuture<Connection> waiting;
        boolean again;
        synchronized (this) {
            if (closed) {
                connection.close(Duration.ZERO);
                return;
            }
            current = connection;
            waiting = next;
            next = new CompletableFuture<>();
            again = connectedBefore;
            connectedBefore = true;
        }
        if (again && transport instanceof SoftwareTransport software) {
            software.metrics().reconnected();
        }
        long sinceNs = time.nowNs();
        connection.closed().thenAccept(cause -> lost(connection, cause, time.nowNs() - sinceNs));
        waiting.complete(connection);
    }

    private void lost(Connection connection, TransportException cause, long livedNs) {
        long pauseNs;
        synchronized (this) {
            if (closed) {
                return;
            }
            lastFailure = cause;
            if (connection == current) {
                current = null;
            }
            // A connection that ends at once is a failure too: else a peer that accepts and hangs up makes a storm.
            failures = livedNs > policy.longest().toNanos() ? 1 : failures + 1;
            pauseNs = policy.pauseNs(failures, random);
        }
        LOG.info("connection to {} ended ({}); next attempt in {} ms", remote, cause.getMessage(), pauseNs / 1_000_000);
        again(pauseNs);
    }

    private void failed(Throwable failure) {
        long pauseNs;
        synchronized (this) {
            if (closed) {
                return;
            }
            failures++;
            lastFailure = failure;
            pauseNs = policy.pauseNs(failures, random);
        }
        LOG.debug(
                "connecting to {} failed ({}); next attempt in {} ms",
                remote,
                failure.getMessage(),
                pauseNs / 1_000_000);
        again(pauseNs);
    }

    private void again(long pauseNs) {
        time.after(pauseNs, this::attempt);
    }

    /** Stops, and closes the connection with this drain time. */
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        Connection last;
        CompletableFuture<Connection> waiting;
        synchronized (this) {
            closed = true;
            last = current;
            current = null;
            waiting = next;
        }
        waiting.completeExceptionally(
                new TransportException(ErrorCode.CLOSED, "the client of " + remote + " is closed"));
        return last == null ? CompletableFuture.completedFuture(CloseOutcome.GRACEFUL) : last.close(drain);
    }

    @Override
    public void close() {
        close(transport.config().timeouts().drain()).join();
    }
}
