package io.fairlead.store.node;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Message;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Requests are decoded in order and answered at once beside each other, since a commit may wait for the
 * disk. When too many are under way, the handler waits, and the transport's credits slow the client.
 */
final class ClientHandler implements ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ClientHandler.class);

    private final NodeService service;
    private final ExecutorService workers;
    private final Semaphore permits;
    private volatile boolean greeted;

    ClientHandler(NodeService service, ExecutorService workers, Semaphore permits) {
        this.service = service;
        this.workers = workers;
        this.permits = permits;
    }

    @Override
    public void request(Connection connection, long requestId, Message message) {
        Request request;
        try {
            request = decode(message);
        } catch (StoreException e) {
            reply(connection, requestId, new Reply.Failure(e.error(), 0, "" + e.getMessage()));
            return;
        }
        permits.acquireUninterruptibly();
        boolean started = false;
        try {
            workers.execute(() -> {
                try {
                    reply(connection, requestId, answer(request, connection));
                } finally {
                    permits.release();
                }
            });
            started = true;
        } catch (RejectedExecutionException e) {
            reply(connection, requestId, new Reply.Failure(StoreError.UNREACHABLE, 0, "the node is stopping"));
        } finally {
            if (!started) {
                permits.release();
            }
        }
    }

    private Reply answer(Request request, Connection connection) {
        if (!greeted && !(request instanceof Request.Hello)) {
            return new Reply.Failure(StoreError.BAD_MESSAGE, 0, "the first request must be a hello");
        }
        Reply reply = service.answer(request, connection);
        if (request instanceof Request.Hello && reply instanceof Reply.Done) {
            greeted = true;
        }
        return reply;
    }

    @Override
    public void message(Connection connection, Message message) {
        if (decode(message) instanceof Request.Release release) {
            service.release(release.lease(), connection);
        }
    }

    @Override
    public void closed(Connection connection, TransportException cause) {
        service.releaseAll(connection);
    }

    private static Request decode(Message message) {
        return Request.decode(message.payload().asByteBuffer());
    }

    private static void reply(Connection connection, long requestId, Reply reply) {
        try {
            connection.reply(requestId, MemorySegment.ofArray(reply.encode())).await();
        } catch (TransportException e) {
            // The client is gone; what it had leased comes back with its connection or its time.
            LOG.debug("no answer to {}: {}", connection.remote(), e.getMessage());
        }
    }
}
