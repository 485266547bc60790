package io.fairlead.transport.rdma;

import io.fairlead.transport.rdma.verbs.Access;
import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.CompletionArray;
import io.fairlead.transport.rdma.verbs.CompletionQueue;
import io.fairlead.transport.rdma.verbs.CompletionStatus;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.ConnectionParameters;
import io.fairlead.transport.rdma.verbs.EventChannel;
import io.fairlead.transport.rdma.verbs.MemoryRegistration;
import io.fairlead.transport.rdma.verbs.ProtectionDomain;
import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.QueuePairCapacity;
import io.fairlead.transport.rdma.verbs.ReceiveRing;
import io.fairlead.transport.rdma.verbs.SendRing;
import io.fairlead.transport.rdma.verbs.VerbsException;
import io.fairlead.transport.testkit.RawPeers.RawPeer;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Arrays;

/**
 * One end of a connection, made of verbs alone, that shares no code of the provider but {@link Terms}: bytes go in SENDs with the number
 * of receives posted again, as the other side wants it; and single requests go as a test wants them. It lives only while one of its
 * methods runs.
 */
final class RawEnd implements RawPeer {
    static final int SLOTS = 16;
    static final int SLOT_BYTES = 8192;
    static final Terms TERMS = new Terms(SLOTS, SLOT_BYTES);

    /** A loaded guest under emulation may stall for seconds. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Receives of the other side that only words about receives may take. */
    private static final int RESERVED = 2;

    private static final int RECEIVE_WITH_WRITE = 129;
    private static final long RECEIVE = 1L << 32;
    private static final int SEND_AT = SLOTS * SLOT_BYTES;
    private static final int SEND_BYTES = 1 << 16;

    private final EventChannel events;
    private final boolean ownsEvents;
    private final ConnectionId id;
    private final ProtectionDomain domain;
    private final CompletionQueue queue;
    private final QueuePair pair;
    private final MemoryRegistration memory;
    private final SendRing sends = new SendRing(1, 1);
    private final ReceiveRing receives = new ReceiveRing(SLOTS, 1);
    private final CompletionArray completions = new CompletionArray(2 * SLOTS);
    private final ByteArrayOutputStream came = new ByteArrayOutputStream();

    private Terms theirs = TERMS;
    private int taken;
    private int told;
    private int sent;
    private int takenByPeer;
    private int completed;
    private int posted;
    private CompletionStatus status = CompletionStatus.SUCCESS;
    private boolean reposts = true;
    private int receiveBytes = SLOT_BYTES;
    private boolean connected;
    private boolean left;
    private boolean closed;

    /** Makes the queue pair, with all receives posted; to be connected by who asks for it. */
    RawEnd(EventChannel events, boolean ownsEvents, ConnectionId id) throws VerbsException {
        this.events = events;
        this.ownsEvents = ownsEvents;
        this.id = id;
        domain = id.device().allocateProtectionDomain();
        queue = id.device().createCompletionQueue(null, 4 * SLOTS, 0);
        pair = id.createQueuePair(domain, queue, queue, new QueuePairCapacity(SLOTS, SLOTS, 1, 1, 0));
        memory = domain.register(Arena.ofAuto().allocate(SEND_AT + SEND_BYTES, 4096), Access.LOCAL_WRITE);
        for (int slot = 0; slot < SLOTS; slot++) {
            receives.receive(slot, RECEIVE | slot);
            receives.local(slot, memory.address() + (long) slot * SLOT_BYTES, SLOT_BYTES, memory.localKey());
        }
        pair.post(receives, 0, SLOTS);
    }

    static ConnectionParameters parameters(byte[] privateData) {
        return new ConnectionParameters(4, 4, 6, 7, privateData);
    }

    /** Asks for the connection with these terms. @return ESTABLISHED, or REJECTED */
    CmEvent ask(byte[] terms) throws VerbsException {
        id.connect(parameters(terms));
        CmEvent answer = RdmaRawPeers.await(events, PATIENCE, CmEventType.ESTABLISHED, CmEventType.REJECTED);
        if (answer.type() == CmEventType.ESTABLISHED) {
            established(answer);
        }
        return answer;
    }

    /** It is connected; the other side said these terms. */
    void established(CmEvent event) throws VerbsException {
        connected = true;
        if (event.privateData().length > 0) { // where this end was asked, the request said them
            agree(event.privateData());
        }
        pair.setMinRnrTimer(12); // 0.64 ms, not the default of 655 ms
    }

    /** Of the other side's request, where this one was asked. */
    void agree(byte[] terms) {
        try {
            theirs = Terms.decode(terms);
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    // ---- one turn ------------------------------------------------------------------------------------------------

    /** Takes what came, and says so in time. */
    private void turn() {
        try {
            int count = queue.poll(completions);
            for (int i = 0; i < count; i++) {
                completed(i);
            }
            if (connected && !left) {
                CmEvent event = events.next(0);
                if (event != null && event.type() == CmEventType.DISCONNECTED) {
                    ended(CompletionStatus.FLUSHED);
                }
                if (taken - told >= SLOTS / 4 && completed == posted && room() > 0) {
                    request(taken, 0);
                }
            }
        } catch (VerbsException e) {
            throw new AssertionError(e);
        }
    }

    private void completed(int index) throws VerbsException {
        boolean receive = (completions.wrId(index) & RECEIVE) != 0;
        if (!receive) {
            completed++;
        }
        if (!completions.succeeded(index)) {
            ended(CompletionStatus.of(completions.status(index)));
        } else if (receive) {
            int slot = (int) completions.wrId(index);
            if (completions.opcode(index) != RECEIVE_WITH_WRITE) {
                takenByPeer = completions.immediate(index);
                came.writeBytes(memory.memory()
                        .asSlice((long) slot * SLOT_BYTES, completions.byteLength(index))
                        .toArray(ValueLayout.JAVA_BYTE));
            }
            if (reposts) {
                receives.receive(slot, RECEIVE | slot);
                receives.local(slot, memory.address() + (long) slot * SLOT_BYTES, receiveBytes, memory.localKey());
                pair.post(receives, slot, 1);
                taken++;
            }
        }
    }

    private void ended(CompletionStatus how) {
        status = left ? status : how;
        left = true;
    }

    private int room() {
        return theirs.slots() - (sent - takenByPeer);
    }

    // ---- bytes, as the other side wants them -----------------------------------------------------------------------

    @Override
    public void write(byte[] bytes) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        int at = 0;
        while (at < bytes.length && !left) {
            turn();
            if (completed == posted && room() > RESERVED) {
                int now = Math.min(Math.min(theirs.slotBytes(), SLOT_BYTES), bytes.length - at);
                send(Arrays.copyOfRange(bytes, at, at + now), taken);
                at += now;
            } else if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("of " + bytes.length + " bytes " + at + " were taken within " + PATIENCE);
            }
        }
    }

    @Override
    public byte[] read(int bytes, Duration bound) {
        long deadlineNs = System.nanoTime() + bound.toNanos();
        turn();
        while (came.size() < bytes) {
            if (left || System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(bytes + " bytes did not come within " + bound + ", only " + came.size()
                        + (left ? ", then the end" : ""));
            }
            turn();
        }
        byte[] all = came.toByteArray();
        came.reset();
        came.write(all, bytes, all.length - bytes);
        return Arrays.copyOf(all, bytes);
    }

    @Override
    public boolean awaitClosed(Duration bound) {
        long deadlineNs = System.nanoTime() + bound.toNanos();
        while (!left && System.nanoTime() - deadlineNs < 0) {
            turn();
            came.reset();
        }
        return left;
    }

    // ---- single requests, as a test wants them ---------------------------------------------------------------------

    /** Posts no receive again from now on, and so never tells of any. */
    void stopsTaking() {
        reposts = false;
    }

    /** Receives that are posted again from now on hold so many bytes, whatever the terms say. */
    void takesOnly(int bytes) {
        receiveBytes = bytes;
    }

    /** Receives that this end has posted again, as the next SEND should tell. */
    int taken() {
        return taken;
    }

    /** Waits until the other side has told of a receive for one more request, or has left. */
    RawEnd awaitRoom() {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!left && room() <= RESERVED) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("not told of another receive within " + PATIENCE);
            }
            turn();
        }
        return this;
    }

    /** One SEND of these bytes, however many receives the other side has. @return how it ended */
    CompletionStatus send(byte[] bytes, int immediate) {
        MemorySegment.copy(bytes, 0, memory.memory(), ValueLayout.JAVA_BYTE, SEND_AT, bytes.length);
        try {
            request(immediate, bytes.length);
        } catch (VerbsException e) {
            throw new AssertionError(e);
        }
        return awaitSent();
    }

    private void request(int immediate, int bytes) throws VerbsException {
        sends.sendWithImmediate(0, 0, SendRing.SIGNALED, immediate);
        told = immediate;
        post(bytes);
    }

    /** One SEND that tells of no receives at all. */
    CompletionStatus sendWithoutImmediate(byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory.memory(), ValueLayout.JAVA_BYTE, SEND_AT, bytes.length);
        sends.send(0, 0, SendRing.SIGNALED);
        return awaitPosted(bytes.length);
    }

    /** One write of so many bytes, which are ones, with a notification. */
    CompletionStatus writeWithImmediate(long address, int key, int bytes, int tag) {
        memory.memory().asSlice(SEND_AT, bytes).fill((byte) 1);
        sends.writeWithImmediate(0, 0, SendRing.SIGNALED, address, key, tag);
        return awaitPosted(bytes);
    }

    private CompletionStatus awaitPosted(int bytes) {
        try {
            post(bytes);
        } catch (VerbsException e) {
            throw new AssertionError(e);
        }
        return awaitSent();
    }

    private void post(int bytes) throws VerbsException {
        if (left) {
            return;
        }
        if (bytes > 0) {
            sends.local(0, memory.address() + SEND_AT, bytes, memory.localKey());
        }
        sent++;
        posted++;
        pair.post(sends, 0, 1);
    }

    private CompletionStatus awaitSent() {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (completed != posted && !left) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("a request is not done within " + PATIENCE);
            }
            turn();
        }
        return status;
    }

    /** Ends the queue pair without a word to the connection manager. */
    void breakOff() throws VerbsException {
        pair.setError();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (connected) {
                id.disconnect();
            }
            pair.close();
            memory.close();
            queue.close();
            domain.close();
            id.close();
            if (ownsEvents) {
                events.close();
            }
        } catch (VerbsException e) {
            throw new AssertionError(e);
        }
    }
}
