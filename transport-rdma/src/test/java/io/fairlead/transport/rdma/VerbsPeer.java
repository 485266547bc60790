package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.rdma.verbs.Access;
import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.CompletionArray;
import io.fairlead.transport.rdma.verbs.CompletionQueue;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.ConnectionParameters;
import io.fairlead.transport.rdma.verbs.EventChannel;
import io.fairlead.transport.rdma.verbs.MemoryRegistration;
import io.fairlead.transport.rdma.verbs.ProtectionDomain;
import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.QueuePairCapacity;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.ReceiveRing;
import io.fairlead.transport.rdma.verbs.SendRing;
import io.fairlead.transport.rdma.verbs.VerbsException;
import io.fairlead.transport.testkit.Await;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer made of verbs alone, which does what no transport does: it claims receives that it has not posted, refuses, answers with
 * anything, and drops its queue pair without a word. For the test's thread; one connection.
 */
final class VerbsPeer implements AutoCloseable {
    /** A loaded guest under emulation may stall for seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int SLOTS = 64;
    private static final int SLOT_BYTES = 8192;
    private static final int TARGET_BYTES = 1 << 20;

    private final EventChannel events;
    private final ConnectionId listener;
    private final ReceiveRing receives = new ReceiveRing(SLOTS, 1);
    private final CompletionArray completions = new CompletionArray(1);

    private @Nullable ConnectionId id;
    private @Nullable ProtectionDomain domain;
    private @Nullable CompletionQueue queue;
    private @Nullable QueuePair pair;
    private @Nullable MemoryRegistration memory;
    private int posted;

    VerbsPeer() throws Exception {
        events = Rdma.open().createEventChannel();
        listener = events.createId();
        listener.bind(new RdmaFixture().listenAddress().resolve());
        listener.listen(8);
    }

    Endpoint endpoint() throws VerbsException {
        return Endpoint.of(listener.localAddress());
    }

    /** The next event, which must be this one. */
    CmEvent await(CmEventType type) throws VerbsException {
        CmEvent event = Objects.requireNonNull(events.next((int) PATIENCE.toMillis()), "no event in time");
        assertThat(event.type()).as(event.toString()).isEqualTo(type);
        return event;
    }

    /** Refuses who asks next, with these bytes. */
    void reject(byte[] why) throws VerbsException {
        try (ConnectionId asking = await(CmEventType.CONNECT_REQUEST).id()) {
            asking.reject(why);
        }
    }

    /** Takes who asks next, with so many receives posted, and answers as a transport would. */
    void accept(int receivesPosted) throws VerbsException {
        accept(receivesPosted, new Terms(SLOTS, SLOT_BYTES).encode());
    }

    void accept(int receivesPosted, byte[] answer) throws VerbsException {
        ConnectionId asking = await(CmEventType.CONNECT_REQUEST).id();
        id = asking;
        domain = asking.device().allocateProtectionDomain();
        queue = asking.device().createCompletionQueue(null, 2 * SLOTS, 0);
        pair = asking.createQueuePair(domain, queue, queue, new QueuePairCapacity(8, SLOTS, 1, 1, 0));
        memory = domain.register(
                Arena.ofAuto().allocate(SLOTS * SLOT_BYTES + TARGET_BYTES, 4096),
                Access.LOCAL_WRITE,
                Access.REMOTE_WRITE);
        receive(receivesPosted);
        asking.accept(new ConnectionParameters(4, 4, 6, 7, answer));
    }

    /** Posts so many receives more. */
    void receive(int count) throws VerbsException {
        MemoryRegistration into = Objects.requireNonNull(memory);
        for (int i = 0; i < count; i++) {
            int slot = posted++ % SLOTS;
            receives.receive(slot, slot);
            receives.local(slot, into.address() + (long) slot * SLOT_BYTES, SLOT_BYTES, into.localKey());
            Objects.requireNonNull(pair).post(receives, slot, 1);
        }
    }

    /** Waits for a completion with success. @return how many bytes came, if it is one of a receive */
    int awaitCompletion() {
        Await.until("a completion", PATIENCE, () -> hasCompleted());
        assertThat(completions.status(0)).as("status").isZero();
        return completions.byteLength(0);
    }

    boolean hasCompleted() {
        try {
            return Objects.requireNonNull(queue).poll(completions) > 0;
        } catch (VerbsException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes the transport's handshake and answers it: for the transport, the connection is open then. */
    void shakeHands() throws VerbsException {
        await(CmEventType.ESTABLISHED);
        Objects.requireNonNull(pair).setMinRnrTimer(12); // 0.64 ms, not the default of 655 ms
        assertThat(awaitCompletion()).isEqualTo(Handshake.FIXED_BYTES);
        MemoryRegistration from = Objects.requireNonNull(memory);
        new Handshake(SecurityMode.NONE, 4711, 1 << 16, 1 << 16, 64, 64, 1 << 20)
                .encode(from.memory(), SLOTS * SLOT_BYTES);
        SendRing sends = new SendRing(1, 1);
        sends.sendWithImmediate(0, 1000, SendRing.SIGNALED, 0);
        sends.local(0, from.address() + SLOTS * SLOT_BYTES, Handshake.FIXED_BYTES, from.localKey());
        pair.post(sends, 0, 1);
        awaitCompletion();
    }

    /** What a transport needs to write to this peer's memory. */
    RegionDescriptor target() {
        MemoryRegistration granted = Objects.requireNonNull(memory);
        return new RegionDescriptor(
                1,
                1,
                1,
                TARGET_BYTES,
                Rights.WRITE,
                4711,
                null,
                new RegionDescriptor.ProviderKey(
                        Integer.toUnsignedLong(granted.remoteKey()), granted.address() + SLOTS * SLOT_BYTES));
    }

    MemorySegment targetMemory() {
        return Objects.requireNonNull(memory).memory().asSlice(SLOTS * SLOT_BYTES, TARGET_BYTES);
    }

    /** From now on nobody answers, and nobody says so. */
    void vanish() throws VerbsException {
        Objects.requireNonNull(pair).close();
    }

    @Override
    public void close() throws VerbsException {
        if (pair != null) {
            pair.close();
        }
        if (memory != null) {
            memory.close();
        }
        if (queue != null) {
            queue.close();
        }
        if (domain != null) {
            domain.close();
        }
        if (id != null) {
            id.close();
        }
        listener.close();
        events.close();
    }
}
