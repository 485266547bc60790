package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way to one node: a connection when there is one, a new one when there is none. It connects when it is asked to and not in the
 * background, so that whoever asks learns at once why a node cannot be reached; after a failure the node is left to rest for a
 * while, so that a dead one costs one attempt and not one per chunk.
 */
final class NodeLink implements AutoCloseable {
    private static final long MAX_REST_FACTOR = 8;

    private final String cluster;
    private final String id;
    private final Endpoint endpoint;
    private final Transport transport;
    private final Duration requestTimeout;
    private final long restNs;

    final LongAdder bytesWritten = new LongAdder();
    final LongAdder bytesRead = new LongAdder();

    /** Held while connecting, so that many threads make one attempt. */
    private final ReentrantLock connecting = new ReentrantLock();

    private volatile @Nullable Connection current;
    private volatile @Nullable StoreException lastFailure;
    private volatile long restUntilNs = System.nanoTime();
    /** In a row; guarded by {@link #connecting}. */
    private int failures;

    NodeLink(
            String cluster,
            String id,
            Endpoint endpoint,
            Transport transport,
            Duration requestTimeout,
            Duration deadFor) {
        this.cluster = cluster;
        this.id = id;
        this.endpoint = endpoint;
        this.transport = transport;
        this.requestTimeout = requestTimeout;
        this.restNs = deadFor.toNanos();
    }

    String id() {
        return id;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether it could not be reached lately. */
    boolean isResting() {
        return openConnection() == null && lastFailure != null && System.nanoTime() - restUntilNs < 0;
    }

    /**
     * An open connection that has been greeted. Blocks while connecting.
     *
     * @throws StoreException {@link StoreError#UNREACHABLE} with the reason, at once if the node rests
     */
    Connection connection() {
        Connection now = openConnection();
        return now != null ? now : connect();
    }

    /** Lets the next attempt be made although the node rests. */
    void wake() {
        restUntilNs = System.nanoTime();
    }

    private @Nullable Connection openConnection() {
        Connection now = current;
        return now != null && now.state() == Connection.State.OPEN ? now : null;
    }

    private Connection connect() {
        connecting.lock();
        try {
            Connection now = openConnection();
            if (now != null) {
                return now;
            }
            StoreException earlier = lastFailure;
            if (earlier != null && System.nanoTime() - restUntilNs < 0) {
                throw new StoreException(earlier.error(), "" + earlier.getMessage(), earlier);
            }
            Connection fresh =
                    transport.connect(endpoint, new ConnectionHandler() {}).join();
            greet(fresh);
            current = fresh;
            lastFailure = null;
            failures = 0;
            return fresh;
        } catch (CompletionException e) {
            throw rest(e.getCause() instanceof TransportException known ? known : e);
        } catch (TransportException e) {
            throw rest(e);
        } finally {
            connecting.unlock();
        }
    }

    private void greet(Connection fresh) {
        boolean welcome = false;
        try {
            Reply reply = exchange(fresh, new Request.Hello(cluster, id), requestTimeout);
            if (reply instanceof Reply.Failure failure) {
                throw rest(failure.toException());
            }
            welcome = true;
        } finally {
            if (!welcome) {
                fresh.close(Duration.ZERO);
            }
        }
    }

    private StoreException rest(Throwable cause) {
        StoreError error = cause instanceof StoreException known ? known.error() : StoreError.UNREACHABLE;
        StoreException failure =
                new StoreException(error, "node " + id + " at " + endpoint + ": " + cause.getMessage(), cause);
        lastFailure = failure;
        // A node that hangs costs a whole connect time-out each attempt, so attempts get rarer.
        restUntilNs = System.nanoTime() + restNs * Math.min(MAX_REST_FACTOR, 1L << Math.min(failures++, 10));
        return failure;
    }

    /** Asks, and waits for the answer, which may be a failure. Blocks; throws only for what the transport could not do. */
    Reply ask(Request request) {
        return exchange(connection(), request, requestTimeout);
    }

    Reply exchange(Connection connection, Request request, Duration timeout) {
        return answer(connection
                .request(MemorySegment.ofArray(request.encode()), timeout)
                .await());
    }

    static Reply answer(byte[] reply) {
        return Reply.decode(ByteBuffer.wrap(reply));
    }

    /** A failure of this node's transport, in the words of the store. */
    StoreException unreachable(TransportException cause) {
        StoreError error = cause.code() == ErrorCode.DEADLINE_EXCEEDED ? StoreError.TIMED_OUT : StoreError.UNREACHABLE;
        return new StoreException(error, "node " + id + " at " + endpoint + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        Connection now = current;
        if (now != null) {
            now.close(transport.config().timeouts().drain()).join();
        }
    }
}
