package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.core.OneSided;
import io.fairlead.transport.core.OutputBatch;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.CompletionArray;
import io.fairlead.transport.rdma.verbs.CompletionStatus;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.QueuePairCapacity;
import io.fairlead.transport.rdma.verbs.ReceiveRing;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One queue pair and its engine. The engine's frames travel as a stream in SENDs, each into a receive that the peer has posted and
 * told of; operations on memory are requests of their own among them, so that all keep the order of submission. Each SEND tells
 * in its immediate how many receives this side has posted again. For the loop, but {@link #wantOutput()}, {@link #event}.
 */
final class RdmaWire implements Wire {
    private static final Logger LOG = LoggerFactory.getLogger(RdmaWire.class);

    /** For ever: with slots counted it cannot happen, but while the receiver's kernel is busy. Deadlines bound it. */
    static final int RNR_RETRIES = 7;

    /** Receives of the peer that only words about receives may take, so that both ends can always tell. */
    private static final int RESERVED = 2;

    private static final long LINGER_NS = Duration.ofSeconds(1).toNanos();
    private static final int RECEIVE_WITH_WRITE = 129;

    private enum Phase {
        /** The connection manager has not said that the peer is there. */
        EXPECTED,
        OPEN,
        /** The engine has ended: what it said last is on its way. */
        LINGERING,
        /** Disconnected; what is posted comes back. */
        FLUSHING,
        ENDED
    }

    private final RdmaNetwork network;
    private final RdmaLoop loop;
    private final ConnectionId id;
    private final QueuePair pair;
    private final SlotMemory memory;
    private final SendQueue sends;
    private final ReceiveRing receives;
    private final int slots;
    private final int place;
    private final int requests;
    private final Endpoint local;
    private final Endpoint remote;
    private final AtomicBoolean handed = new AtomicBoolean();

    /** What of the stream the engine has not taken yet: less than a header, or than a handshake. */
    private final MemorySegment rest = MemorySegment.ofArray(new byte[Handshake.MAX_BYTES]);

    private @Nullable Engine engine;
    private Phase phase = Phase.EXPECTED;
    private long phaseEndNs = Long.MAX_VALUE;
    private boolean dirty;
    private int kept;

    /** Whether the peer has asked, and not this side. */
    private boolean accepted;

    /** Receives: numbers of those that have completed, were posted again, and of which the peer knows. */
    private int taken;

    private int posted;
    private int told;
    private int receivesUnderWay;

    private final PeerReceives peerReceives = new PeerReceives();
    private int peerSlotBytes;
    private @Nullable Throwable broken;

    private RdmaWire(
            RdmaNetwork network, RdmaLoop loop, ConnectionId id, QueuePair pair, SlotMemory memory, int requests)
            throws VerbsException {
        RdmaSettings settings = network.settings();
        this.network = network;
        this.loop = loop;
        this.id = id;
        this.pair = pair;
        this.memory = memory;
        this.requests = requests;
        this.slots = settings.slots();
        this.local = Endpoint.of(id.localAddress());
        this.remote = Endpoint.of(id.peerAddress());
        this.place = loop.adopt(this, requests);
        int generation = place < 0 ? 0 : loop.generation(place);
        this.sends =
                new SendQueue(pair, loop.counts(), memory, sendRequests(settings), settings.slots(), place, generation);
        this.receives = new ReceiveRing(slots, 1);
        for (int slot = 0; slot < slots; slot++) {
            receives.receive(slot, WorkId.receive(place, generation, slot));
            receives.local(slot, memory.address(memory.receiveAt(slot)), memory.slotBytes(), memory.key());
        }
    }

    /** A power of two, so that numbers may wrap. */
    private static int sendRequests(RdmaSettings settings) {
        return Integer.highestOneBit(settings.sendRequests());
    }

    /**
     * Makes the queue pair and posts the receives. On the loop.
     *
     * @param terms of the peer, if they are known
     * @return null if the loop's completion queue has no room for another, and no connection to give up for it
     */
    static @Nullable RdmaWire make(RdmaNetwork network, RdmaLoop loop, ConnectionId id, @Nullable Terms terms)
            throws VerbsException {
        RdmaWire made = tryMake(network, loop, id, terms);
        while (made == null && loop.makeRoom()) {
            made = tryMake(network, loop, id, terms);
        }
        return made;
    }

    private static @Nullable RdmaWire tryMake(
            RdmaNetwork network, RdmaLoop loop, ConnectionId id, @Nullable Terms terms) throws VerbsException {
        RdmaSettings settings = network.settings();
        int depth = sendRequests(settings);
        QueuePair pair = id.createQueuePair(
                network.domain(),
                loop.queue(),
                loop.queue(),
                new QueuePairCapacity(depth, settings.slots(), 1, 1, settings.inlineBytes()));
        SlotMemory memory = null;
        try {
            memory = new SlotMemory(network.domain(), settings.slots(), settings.slots(), settings.slotBytes(), depth);
            QueuePairCapacity granted = pair.capacity();
            RdmaWire wire =
                    new RdmaWire(network, loop, id, pair, memory, granted.sendRequests() + granted.receiveRequests());
            if (wire.place < 0) {
                pair.close();
                memory.close();
                return null;
            }
            if (terms != null) {
                wire.agree(terms);
            }
            pair.post(wire.receives, 0, settings.slots());
            wire.receivesUnderWay = settings.slots();
            wire.posted = 0;
            return wire;
        } catch (VerbsException e) {
            pair.close();
            if (memory != null) {
                memory.close();
            }
            throw e;
        }
    }

    /** Takes the peer's terms. */
    void agree(Terms terms) {
        peerReceives.begin(terms.slots());
        peerSlotBytes = Math.min(terms.slotBytes(), memory.slotBytes());
    }

    /** The engine that this will drive once the peer is there, which may take it no longer than a handshake. */
    void expect(Engine driven) {
        engine = driven;
        accepted = true;
        driven.start();
        loop.due(driven.dueNs());
    }

    boolean isExpected() {
        return engine != null;
    }

    /** The peer is there. */
    void open(Engine driven) {
        engine = driven;
        if (phase == Phase.EXPECTED && broken == null) {
            begin();
            driven.start();
        } else {
            driven.wireFailed(broken);
        }
    }

    private void begin() {
        phase = Phase.OPEN;
        try {
            pair.setMinRnrTimer(network.settings().minRnrTimer());
        } catch (VerbsException e) {
            LOG.debug("{}: {}", remote, e.getMessage());
        }
        markDirty();
    }

    /** Ends at once if its peer has come without a handshake so far. @return whether it did */
    boolean makesRoom() {
        Engine driven = engine;
        if (!accepted || driven == null || driven.isShaken() || phase == Phase.ENDED) {
            return false;
        }
        driven.abort(new TransportException(
                ErrorCode.HANDSHAKE_REFUSED,
                remote + " has not shaken hands, and the completion queue is full (rdma.loops, rdma.slots,"
                        + " rdma.sendRequests)"));
        end();
        return true;
    }

    @Override
    public Endpoint local() {
        return local;
    }

    @Override
    public Endpoint remote() {
        return remote;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public OneSided oneSided() {
        return sends;
    }

    @Override
    public void wantOutput() {
        if (loop.inLoop()) {
            markDirty();
        } else if (!handed.get() && handed.compareAndSet(false, true)) {
            loop.hand(this);
        }
    }

    void takenOver() {
        handed.set(false);
        markDirty();
    }

    private void markDirty() {
        if (!dirty && phase != Phase.ENDED) {
            dirty = true;
            loop.dirty(this);
        }
    }

    // ---- what comes ----------------------------------------------------------------------------------------------

    /** On the manager's thread. */
    void event(CmEvent event) {
        RdmaNetwork.handOver(loop, () -> {
            switch (event.type()) {
                case ESTABLISHED -> established();
                case DISCONNECTED, DEVICE_REMOVAL, TIMEWAIT_EXIT, CONNECT_ERROR, UNREACHABLE, REJECTED ->
                    left(event.type());
                default -> {
                    // Nothing of ours.
                }
            }
        });
    }

    private void established() {
        if (phase == Phase.EXPECTED && engine != null) {
            begin();
        }
    }

    private void left(CmEventType how) {
        loop.poll(); // what it said before it left
        if (phase == Phase.OPEN || phase == Phase.EXPECTED) {
            wireFailed(how == CmEventType.DISCONNECTED ? null : new IOException(how.toString()));
        }
        if (phase == Phase.LINGERING) {
            disconnect();
        }
    }

    /** A receive has completed. */
    void received(int slot, CompletionArray completions, int index) {
        receivesUnderWay--;
        if (!completions.succeeded(index)) {
            receiveFailed(completions.status(index));
            return;
        }
        taken++;
        established(); // the peer may speak before the manager has told of it
        Engine driven = engine;
        if (driven == null) {
            broken = new IOException("the peer spoke before it was spoken to");
        } else if (taken - told > slots) {
            driven.violation("more requests than the " + slots + " receives it knows of");
        } else if (completions.opcode(index) == RECEIVE_WITH_WRITE) {
            if (phase == Phase.OPEN) {
                driven.notified(completions.immediate(index));
            }
        } else if (!completions.hasImmediate(index)) {
            driven.violation("a SEND that does not tell of receives");
        } else if (!peerReceives.learn(completions.immediate(index))) {
            driven.violation("it tells of " + Integer.toUnsignedString(completions.immediate(index))
                    + " receives posted again, " + peerReceives);
        } else {
            take(memory.segment(), memory.receiveAt(slot), completions.byteLength(index));
        }
        markDirty();
    }

    /** All that a peer can do to a receive but use it. The queue pair is in error by now. */
    private void receiveFailed(int status) {
        CompletionStatus why = CompletionStatus.of(status);
        if (why == CompletionStatus.FLUSHED || engine == null || phase != Phase.OPEN) {
            brokenBy(status);
            return;
        }
        broken = new IOException(why.toString());
        boolean refused = why == CompletionStatus.REMOTE_ACCESS_ERROR;
        engine.abort(new TransportException(
                refused ? ErrorCode.REMOTE_ACCESS : ErrorCode.PROTOCOL_VIOLATION,
                local + " to " + remote + ": the peer "
                        + (refused
                                ? "was refused access to memory"
                                : "broke the protocol: a request that does not fit a receive of " + memory.slotBytes()
                                        + " bytes (" + why + ")"),
                broken));
    }

    private void take(MemorySegment bytes, long offset, int length) {
        Engine driven = engine;
        if (phase != Phase.OPEN || driven == null || length == 0) {
            return;
        }
        if (kept == 0) {
            keep(bytes, driven.receive(bytes, offset, offset + length), offset + length);
            return;
        }
        // A header was cut in two: put it together again, with what follows.
        MemorySegment staging = loop.staging().segment();
        int at = 0;
        while (at < length && phase == Phase.OPEN) {
            int now = (int) Math.min(length - at, staging.byteSize() - kept);
            MemorySegment.copy(rest, 0, staging, 0, kept);
            MemorySegment.copy(bytes, offset + at, staging, kept, now);
            int staged = kept + now;
            keep(staging, driven.receive(staging, 0, staged), staged);
            at += now;
        }
    }

    private void keep(MemorySegment bytes, long from, long to) {
        kept = phase == Phase.OPEN ? (int) (to - from) : 0;
        MemorySegment.copy(bytes, from, rest, 0, kept);
    }

    /** A send request has completed, and with it those before. */
    void sent(int number, int status) {
        if (status == 0) {
            sends.completed(number, engine);
        } else {
            boolean refused = CompletionStatus.of(status) == CompletionStatus.REMOTE_ACCESS_ERROR;
            sends.failed(number, engine, refused);
            brokenBy(status);
        }
        markDirty();
    }

    private void brokenBy(int status) {
        if (phase == Phase.OPEN || phase == Phase.EXPECTED) {
            wireFailed(new IOException(
                    switch (CompletionStatus.of(status)) {
                        case FLUSHED -> "the queue pair is in error: the peer left, or was refused access here";
                        case RETRIES_EXCEEDED ->
                            "no acknowledgement after " + network.settings().retries() + " retries";
                        case REMOTE_INVALID_REQUEST, REMOTE_OPERATION_ERROR -> // which, depends on the device
                            "the peer cannot take a request: its receive is smaller than its terms say, or its device"
                                    + " does not know the operation";
                        default -> "a request failed: " + CompletionStatus.of(status);
                    }));
        }
        markDirty();
    }

    private void wireFailed(@Nullable Throwable cause) {
        broken = cause;
        Engine driven = engine;
        if (driven != null) {
            driven.wireFailed(cause);
        } // else open() will
    }

    void fail(Throwable cause) {
        if (phase == Phase.OPEN || phase == Phase.EXPECTED) {
            LOG.debug("{} to {}", local, remote, cause);
            wireFailed(cause);
        }
    }

    // ---- what goes -----------------------------------------------------------------------------------------------

    /** Posts receives again, and what the engine has to say. */
    void flush() {
        dirty = false;
        try {
            if (phase == Phase.OPEN) {
                repost();
                fill(Objects.requireNonNull(engine));
                tell();
                sends.post();
            } else if (phase == Phase.LINGERING) {
                repost();
                linger();
            }
        } catch (VerbsException e) {
            fail(e);
        }
        if (phase == Phase.FLUSHING && sends.isIdle() && receivesUnderWay == 0) {
            end();
        }
        loop.due(dueNs());
    }

    /** Several by one call: what the peer may fill is told to it now and then only. */
    private void repost() throws VerbsException {
        int count = taken - posted;
        if (count >= slots / 8) {
            int first = Math.floorMod(posted, slots);
            pair.post(receives, first, count);
            loop.counts().posts.increment();
            loop.counts().requests.add(count);
            posted = taken;
            receivesUnderWay += count;
        }
    }

    private void fill(Engine driven) {
        while (phase == Phase.OPEN) {
            sends.notifiesLeft(peerReceives.left() - RESERVED);
            OutputBatch batch = driven.output();
            peerReceives.use(sends.notifiesTaken());
            if (batch.isEmpty() || !driven.written(copy(batch))) {
                return;
            }
        }
    }

    /** Into as few SENDs as it takes; what finds no room waits. */
    private long copy(OutputBatch batch) {
        ByteBuffer[] buffers = batch.buffers();
        int at = batch.offset();
        int end = at + batch.count();
        long total = 0;
        while (at < end && sends.hasRoom() && peerReceives.left() > RESERVED) {
            int bytes = 0;
            int slot = sends.buffer();
            while (at < end && bytes < peerSlotBytes) {
                ByteBuffer from = buffers[at];
                int now = Math.min(from.remaining(), peerSlotBytes - bytes);
                memory.copy(from, now, slot, bytes);
                bytes += now;
                if (!from.hasRemaining()) {
                    at++;
                }
            }
            send(bytes);
            total += bytes;
        }
        return total;
    }

    private void send(int bytes) {
        sends.send(bytes, posted);
        told = posted;
        peerReceives.use(1);
    }

    /** Tells the peer of receives, if nothing that was sent did and it may be waiting for them. */
    private void tell() {
        if (posted - told >= slots / 4 && peerReceives.left() > 0 && sends.hasRoom()) {
            send(0);
        }
    }

    // ---- time and end --------------------------------------------------------------------------------------------

    long dueNs() {
        return switch (phase) {
            case EXPECTED, OPEN -> engine == null ? Long.MAX_VALUE : engine.dueNs();
            case LINGERING, FLUSHING -> phaseEndNs;
            case ENDED -> Long.MAX_VALUE;
        };
    }

    void due(long nowNs) {
        Engine driven = engine;
        switch (phase) {
            case EXPECTED, OPEN -> {
                if (driven != null) {
                    driven.tick(nowNs);
                }
            }
            case LINGERING -> disconnect();
            case FLUSHING -> end();
            case ENDED -> {
                return;
            }
        }
        markDirty();
    }

    @Override
    public void close(boolean farewell) {
        if (phase != Phase.OPEN && phase != Phase.EXPECTED) {
            return;
        }
        boolean speaking = phase == Phase.OPEN && broken == null;
        phase = Phase.LINGERING;
        phaseEndNs = loop.nowNs() + (speaking ? LINGER_NS : 0);
        markDirty(); // perhaps from within a completion: the rest is for later
        loop.due(phaseEndNs);
    }

    private void linger() throws VerbsException {
        if (peerReceives.left() > 0) {
            sends.drain(posted);
        }
        sends.post();
        if (sends.isIdle() || broken != null) {
            disconnect();
        }
    }

    private void disconnect() {
        phase = Phase.FLUSHING;
        phaseEndNs = loop.nowNs() + LINGER_NS;
        try {
            id.disconnect();
        } catch (VerbsException e) {
            LOG.debug("{}: {}", remote, e.getMessage());
        }
        try {
            pair.setError(); // also where there was nothing to disconnect
            sends.drain(posted);
            sends.post();
        } catch (VerbsException e) {
            LOG.debug("{}: {}", remote, e.getMessage());
        }
        markDirty();
        loop.due(phaseEndNs);
    }

    /** Nothing of it is left: takes it apart. */
    void end() {
        if (phase == Phase.ENDED) {
            return;
        }
        boolean open = phase == Phase.OPEN || phase == Phase.EXPECTED;
        phase = Phase.ENDED;
        if (open && engine != null) {
            engine.wireFailed(new IOException("the transport is closed"));
        }
        loop.forget(this, place, requests);
        try {
            pair.close();
        } catch (VerbsException e) {
            LOG.warn("{} to {}: {}", local, remote, e.getMessage());
        }
        sends.flushed(engine); // no card reaches their memory any more
        try {
            memory.close();
        } catch (VerbsException e) {
            LOG.warn("{} to {}: {}", local, remote, e.getMessage());
        }
        network.close(id);
    }
}
