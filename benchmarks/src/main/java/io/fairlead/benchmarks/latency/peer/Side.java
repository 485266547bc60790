package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.Message;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One end of the connection, and what it needs for the exercises. */
final class Side implements ConnectionHandler {
    private static final long CONNECT_BOUND_S = 30;

    private final Transport transport;
    private final PeerMemory memory;
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private volatile boolean answers;
    private volatile MessagePingPong messages;
    private WritePingPong writes;
    private NotifyPingPong notifications;
    private Reads reads;
    private WriteStream stream;

    @SuppressWarnings("NullAway.Init") // the rest is set by meet, before any exercise
    Side(Transport transport) {
        this.transport = transport;
        memory = new PeerMemory(transport);
    }

    Endpoint listen(String host) {
        Listener listener = transport.listen(new Endpoint(host, 0), peer -> this);
        answers = true;
        return listener.endpoint();
    }

    void connect(Endpoint server) throws Exception {
        Connection unused = transport.connect(server, this).get(CONNECT_BOUND_S, TimeUnit.SECONDS);
    }

    String grant() {
        return memory.grant();
    }

    /** Once connected: takes what the other side has granted. */
    void meet(RegionDescriptor inbox, int window) throws Exception {
        Connection connection = opened.get(CONNECT_BOUND_S, TimeUnit.SECONDS);
        writes = new WritePingPong(connection, memory, inbox);
        notifications = new NotifyPingPong(connection, memory, inbox);
        reads = new Reads(connection, memory, inbox);
        stream = new WriteStream(connection, memory, inbox, window);
    }

    /** Before the other side begins. */
    Initiator prepare(String kind, int bytes) {
        if (kind.equals("READ") && answers) {
            memory.fillInbox();
        } else {
            memory.clearInbox();
        }
        switch (kind) {
            case "WRITE" -> {
                writes.prepare(bytes);
                if (answers) {
                    writes.beginAnswers();
                }
                return writes;
            }
            case "NOTIFY" -> {
                notifications.prepare(bytes);
                return notifications;
            }
            case "SEND" -> {
                messages.prepare(bytes);
                return messages;
            }
            case "READ" -> {
                reads.prepare(bytes);
                return reads;
            }
            case "BANDWIDTH" -> {
                stream.prepare(bytes);
                return stream;
            }
            default -> throw new IllegalArgumentException("no kind " + kind);
        }
    }

    /** After it: nothing is under way, and the bytes are as they should be. */
    void finish(String kind, int bytes) throws InterruptedException {
        if (kind.equals("WRITE") && answers) {
            writes.endAnswers();
        }
        boolean received = !kind.equals("SEND") && (answers || !kind.equals("BANDWIDTH"));
        if (received) {
            memory.checkInbox(bytes);
        }
        memory.unstamp(bytes);
    }

    @Override
    public Dispatch dispatch() {
        return Dispatch.INLINE;
    }

    @Override
    public void opened(Connection connection) {
        messages = new MessagePingPong(connection, memory);
        opened.complete(connection);
    }

    @Override
    public void notified(Connection from, int tag) {
        if (answers) {
            notifications.answer(tag);
        } else {
            notifications.notified(tag);
        }
    }

    @Override
    public void message(Connection from, Message message) {
        if (answers) {
            messages.answer(message);
        } else {
            messages.message(message);
        }
    }
}
