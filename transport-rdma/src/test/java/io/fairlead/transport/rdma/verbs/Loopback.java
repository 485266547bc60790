package io.fairlead.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two connected ends in this process, over the RDMA device of this machine. One thread drives all: it is the connection
 * manager's thread, and both ends are polled. Closing checks that every object of the RDMA stack is gone.
 */
final class Loopback implements AutoCloseable {
    /** A loaded guest under emulation may stall for seconds. */
    static final int PATIENCE_MS = 20_000;

    static final QueuePairCapacity CAPACITY = new QueuePairCapacity(32, 32, 2, 2, 128);
    static final ConnectionParameters PARAMETERS = parameters(new byte[0]);

    final Rdma rdma;
    final int openBefore;
    final EventChannel events;
    final ConnectionId listener;
    private @Nullable End client;
    private @Nullable End server;

    /** A listener and no connection yet. */
    Loopback() throws Exception {
        this(address());
    }

    Loopback(InetAddress address) throws Exception {
        rdma = Rdma.open();
        openBefore = rdma.openObjects();
        events = rdma.createEventChannel();
        listener = events.createId();
        listener.bind(new InetSocketAddress(address, 0));
        listener.listen(8);
    }

    static Loopback connected() throws Exception {
        return connected(CAPACITY, PARAMETERS);
    }

    static Loopback connected(QueuePairCapacity capacity, ConnectionParameters parameters) throws Exception {
        Loopback loopback = new Loopback();
        loopback.connect(capacity, parameters);
        return loopback;
    }

    static InetAddress address() throws UnknownHostException {
        return InetAddress.getByName(
                Objects.requireNonNull(System.getenv("SOFT_ROCE_ADDRESS"), "SOFT_ROCE_ADDRESS is not set"));
    }

    static ConnectionParameters parameters(byte[] privateData) {
        return new ConnectionParameters(4, 4, 6, 7, privateData);
    }

    End client() {
        return Objects.requireNonNull(client);
    }

    End server() {
        return Objects.requireNonNull(server);
    }

    /** An id whose way to the listener is known. */
    ConnectionId resolved() throws Exception {
        ConnectionId id = events.createId();
        id.resolveAddress(null, listener.localAddress(), PATIENCE_MS);
        await(CmEventType.ADDRESS_RESOLVED);
        id.resolveRoute(PATIENCE_MS);
        await(CmEventType.ROUTE_RESOLVED);
        return id;
    }

    void connect(QueuePairCapacity capacity, ConnectionParameters parameters) throws Exception {
        client = new End(resolved(), capacity);
        client.id.connect(parameters);
        accept(capacity, parameters);
    }

    /** Answers the request that is on its way, and waits until both ends know. */
    CmEvent accept(QueuePairCapacity capacity, ConnectionParameters parameters) throws Exception {
        CmEvent request = await(CmEventType.CONNECT_REQUEST);
        server = new End(request.id(), capacity);
        request.id().accept(parameters);
        CmEvent one = await(CmEventType.ESTABLISHED);
        CmEvent other = await(CmEventType.ESTABLISHED);
        return client != null && one.id() == client.id ? one : other;
    }

    CmEvent await(CmEventType type) throws VerbsException {
        CmEvent event = events.next(PATIENCE_MS);
        assertThat(event).as("an event within " + PATIENCE_MS + " ms").isNotNull();
        Objects.requireNonNull(event);
        assertThat(event.type()).as(event.toString()).isEqualTo(type);
        return event;
    }

    @Override
    public void close() throws VerbsException {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        listener.close();
        events.close();
        assertThat(rdma.openObjects()).as("objects left open").isEqualTo(openBefore);
    }

    /** One end: its objects, a page registered with all rights, and rings for it. */
    static final class End implements AutoCloseable {
        static final int BYTES = 1 << 16;

        final ConnectionId id;
        final ProtectionDomain domain;
        final CompletionChannel channel;
        final CompletionQueue queue;
        final QueuePair pair;
        final MemoryRegistration region;
        final SendRing sends = new SendRing(8, 2);
        final ReceiveRing receives = new ReceiveRing(8, 2);
        final CompletionArray completions = new CompletionArray(16);

        End(ConnectionId id, QueuePairCapacity capacity) throws VerbsException {
            this.id = id;
            Device device = id.device();
            domain = device.allocateProtectionDomain();
            channel = device.createCompletionChannel();
            queue = device.createCompletionQueue(channel, 128, 0);
            pair = id.createQueuePair(domain, queue, queue, capacity);
            region = domain.register(
                    Arena.ofAuto().allocate(BYTES, 4096),
                    Access.LOCAL_WRITE,
                    Access.REMOTE_READ,
                    Access.REMOTE_WRITE,
                    Access.REMOTE_ATOMIC);
        }

        /** Posts a receive into the region, {@code length} bytes from {@code offset} on. */
        void receive(int slot, long wrId, int offset, int length) throws VerbsException {
            receives.receive(slot, wrId);
            receives.local(slot, region.address() + offset, length, region.localKey());
            pair.post(receives, slot, 1);
        }

        /** Names the region's bytes as the local buffer of a send request. */
        void local(int slot, int offset, int length) {
            sends.local(slot, region.address() + offset, length, region.localKey());
        }

        void post(int slot) throws VerbsException {
            pair.post(sends, slot, 1);
        }

        /** Waits for one completion, which then stands at index 0. */
        CompletionArray awaitCompletion(long wrId) throws VerbsException {
            awaitAny();
            assertThat(completions.wrId(0)).isEqualTo(wrId);
            return completions;
        }

        /** Waits for a completion with success. */
        CompletionArray awaitSuccess(long wrId) throws VerbsException {
            awaitCompletion(wrId);
            assertThat(CompletionStatus.of(completions.status(0))).isEqualTo(CompletionStatus.SUCCESS);
            return completions;
        }

        private void awaitAny() throws VerbsException {
            CompletionArray one = new CompletionArray(1);
            long deadlineNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
            while (queue.poll(one) == 0) {
                assertThat(System.nanoTime() - deadlineNs)
                        .as("a completion in time")
                        .isNegative();
                Thread.onSpinWait();
            }
            completions.memory().copyFrom(one.memory());
        }

        @Override
        public void close() throws VerbsException {
            pair.close();
            region.close();
            queue.close();
            channel.close();
            domain.close();
            id.close();
        }
    }
}
