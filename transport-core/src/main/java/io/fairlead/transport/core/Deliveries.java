package io.fairlead.transport.core;

import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.Limits;
import io.fairlead.transport.TransportException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands what came to the handler, in order, and counts the credits: what a peer may have sent that no handler has
 * finished. Called by the loop; {@link #finished} also by handler threads.
 */
final class Deliveries {
    /** Handler calls; the payload is valid during one. */
    private interface Call {
        void on(ConnectionHandler handler, EngineConnection connection);
    }

    private final Engine engine;
    private final int windowMessages;
    private final long windowBytes;
    private final int maxMessageBytes;
    private final OpenRequests openRequests;
    private final ReceivedMessage inlineMessage = new ReceivedMessage();
    private final SerialExecutor executor;
    private ConnectionHandler handler = new ConnectionHandler() {};
    private boolean inline;

    private long receivedMessages;
    private long receivedBytes;
    private long advertisedMessages;
    private long advertisedBytes;
    private int datagramsQueued;
    private long datagramBytesQueued;

    /** Written by one handler call at a time; those hand over to each other with a lock between them. */
    private final AtomicLong finishedMessages = new AtomicLong();

    private final AtomicLong finishedBytes = new AtomicLong();

    Deliveries(Engine engine, Limits limits, Executor shared) {
        this.engine = engine;
        this.windowMessages = limits.messageCredits();
        this.windowBytes = limits.messageCreditBytes();
        this.maxMessageBytes = limits.maxMessageBytes();
        this.openRequests = new OpenRequests(limits.maxOperationsInFlight());
        this.executor = new SerialExecutor(shared);
    }

    void handler(ConnectionHandler chosen) {
        handler = chosen;
        inline = chosen.dispatch() == Dispatch.INLINE;
    }

    // ---- credits -----------------------------------------------------------------------------------------------

    /** Takes a message of this size into account. @return false if the peer had no credit for it */
    boolean admit(long bytes) {
        if (receivedMessages - advertisedMessages >= windowMessages
                || receivedBytes - advertisedBytes + bytes > windowBytes) {
            return false;
        }
        receivedMessages++;
        receivedBytes += bytes;
        return true;
    }

    private void finished(long bytes) {
        finishedBytes.setRelease(finishedBytes.getPlain() + bytes);
        finishedMessages.setRelease(finishedMessages.getPlain() + 1);
        if (!inline) {
            engine.wire().wantOutput();
        }
    }

    /**
     * Whether the peer should hear of finished messages: when half of the window is spent, or when it may be unable to
     * send the largest message. A peer is thus never left waiting, and seldom told.
     */
    boolean creditDue() {
        long messages = finishedMessages.getAcquire();
        if (messages == advertisedMessages) {
            return false;
        }
        long leftMessages = windowMessages - (receivedMessages - advertisedMessages);
        long leftBytes = windowBytes - (receivedBytes - advertisedBytes);
        if (leftMessages * 2 > windowMessages && leftBytes >= maxMessageBytes) {
            return false;
        }
        advertisedMessages = messages;
        advertisedBytes = finishedBytes.getAcquire();
        return true;
    }

    long finishedMessages() {
        return advertisedMessages;
    }

    long finishedBytes() {
        return advertisedBytes;
    }

    // ---- requests ----------------------------------------------------------------------------------------------

    boolean openRequest(long id) {
        return openRequests.open(id);
    }

    OpenRequests requests() {
        return openRequests;
    }

    // ---- deliveries --------------------------------------------------------------------------------------------

    void opened() {
        executorOrInline((h, c) -> h.opened(c));
    }

    void closed(TransportException cause) {
        executorOrInline((h, c) -> h.closed(c, cause));
    }

    void message(int type, long requestId, MemorySegment bytes, long offset, int length) {
        if (inline) {
            ReceivedMessage message = inlineMessage.at(bytes, offset, length);
            try {
                dispatch(type, requestId, message);
            } catch (RuntimeException | Error e) {
                engine.handlerFailed(e);
            }
            if (type != FrameHeader.DATAGRAM) {
                finished(length);
            }
            return;
        }
        ReceivedMessage message = new ReceivedMessage().at(bytes, offset, length);
        executor.execute(() -> {
            try {
                dispatch(type, requestId, message);
            } catch (RuntimeException | Error e) {
                engine.handlerFailed(e);
            } finally {
                if (type == FrameHeader.DATAGRAM) {
                    datagramDone(length);
                } else {
                    finished(length);
                }
            }
        });
    }

    /**
     * Whether one more datagram may wait for the handler. They cost no credits, so the same bounds hold for them apart: in
     * number, and in bytes.
     */
    synchronized boolean takesDatagram(int bytes) {
        if (datagramsQueued >= windowMessages || datagramBytesQueued + bytes > windowBytes) {
            return false;
        }
        datagramsQueued++;
        datagramBytesQueued += bytes;
        return true;
    }

    /** Whether the handler runs elsewhere, and so needs bytes of its own. */
    boolean copies() {
        return !inline;
    }

    void notified(int tag) {
        if (inline) {
            try {
                handler.notified(engine.connection(), tag);
            } catch (RuntimeException | Error e) {
                engine.handlerFailed(e);
            }
            finished(0);
        } else {
            executor.execute(() -> {
                guarded((h, c) -> h.notified(c, tag));
                finished(0);
            });
        }
    }

    private void dispatch(int type, long requestId, ReceivedMessage message) {
        switch (type) {
            case FrameHeader.SEND -> handler.message(engine.connection(), message);
            case FrameHeader.REQUEST -> handler.request(engine.connection(), requestId, message);
            default -> handler.datagram(engine.connection(), message);
        }
    }

    private void executorOrInline(Call what) {
        if (inline) {
            guarded(what);
        } else {
            executor.execute(() -> guarded(what));
        }
    }

    private void guarded(Call what) {
        try {
            what.on(handler, engine.connection());
        } catch (RuntimeException | Error e) {
            engine.handlerFailed(e);
        }
    }

    private synchronized void datagramDone(int bytes) {
        datagramsQueued--;
        datagramBytesQueued -= bytes;
    }
}
