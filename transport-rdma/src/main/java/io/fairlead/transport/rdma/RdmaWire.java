package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.OneSided;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.rdma.verbs.AsyncEvent;
import io.fairlead.transport.rdma.verbs.CmEvent;
import io.fairlead.transport.rdma.verbs.CmEventType;
import io.fairlead.transport.rdma.verbs.CompletionArray;
import io.fairlead.transport.rdma.verbs.CompletionStatus;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.QueuePairCapacity;
import io.fairlead.transport.rdma.verbs.QueuePairState;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
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

    private static final long LINGER_NS = Duration.ofSeconds(1).toNanos();

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
    private final ReceiveQueue receives;
    private final FrameOutput output;
    private final FrameInput input;
    private final int place;
    private final int requests;
    private final Endpoint local;
    private final Endpoint remote;
    private final AtomicBoolean handed = new AtomicBoolean();
    private final BooleanSupplier open = this::isOpen;

    private @Nullable Engine engine;
    private Phase phase = Phase.EXPECTED;
    private long phaseEndNs = Long.MAX_VALUE;
    private boolean dirty;

    /** Whether the peer has asked, and not this side. */
    private boolean accepted;

    private @Nullable Throwable broken;

    /** Something was flushed; why, is still to be found. */
    private boolean inError;

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
        this.local = Endpoint.of(id.localAddress());
        this.remote = Endpoint.of(id.peerAddress());
        this.place = loop.adopt(this, requests);
        int generation = place < 0 ? 0 : loop.generation(place);
        this.sends = new SendQueue(
                pair,
                loop.counts(),
                memory,
                sendRequests(settings),
                settings.slots(),
                settings.postedBytes(),
                place,
                generation);
        this.receives = new ReceiveQueue(pair, loop.counts(), memory, settings.slots(), place, generation);
        this.output = new FrameOutput(sends, memory, receives);
        this.input = new FrameInput(memory, receives, output.peerReceives());
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
                new QueuePairCapacity(depth, settings.slots(), SendQueue.SGES, 1, settings.inlineBytes()));
        SlotMemory memory = null;
        try {
            QueuePairCapacity granted = pair.capacity();
            memory = new SlotMemory(network.domain(), settings.slots(), settings.slots(), settings.slotBytes(), depth);
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
            wire.receives.postAll();
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
        output.agree(terms);
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
    public boolean settles() {
        return true;
    }

    @Override
    public boolean sendAlone(long first, long second, long address, int bytes) {
        try {
            return output.sendAlone(first, second, address, bytes);
        } catch (VerbsException e) {
            throw new UncheckedIOException(e); // nothing was sent, and the loop ends the connection
        }
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
        if (inError) {
            judgeError();
        }
        if (how == CmEventType.DEVICE_REMOVAL) {
            lost("the device " + network.device() + " was removed");
        }
        if (phase == Phase.OPEN || phase == Phase.EXPECTED) {
            wireFailed(how == CmEventType.DISCONNECTED ? null : new IOException(how.toString()));
        }
        if (phase == Phase.LINGERING) {
            disconnect();
        }
    }

    /** A receive has completed. */
    void received(int slot, CompletionArray completions, int index) {
        receives.completed();
        if (!completions.succeeded(index)) {
            receiveFailed(completions.status(index));
            return;
        }
        receives.take();
        established(); // the peer may speak before the manager has told of it
        Engine driven = engine;
        if (driven == null) {
            broken = new IOException("the peer spoke before it was spoken to");
        } else {
            input.take(driven, phase == Phase.OPEN, slot, completions, index, loop.staging());
        }
        markDirty();
    }

    /** The queue pair is in error by now. */
    private void receiveFailed(int status) {
        if (CompletionStatus.of(status) == CompletionStatus.FLUSHED || engine == null || phase != Phase.OPEN) {
            brokenBy(status);
        } else {
            end(WireFault.ofReceive(status, memory.slotBytes()));
        }
    }

    /**
     * The queue pair is in error. If no request of this side's is the reason, it has turned down one of the peer's: by that a responder
     * ends a connection (InfiniBand Architecture Specification, volume 1, error behaviour of responders), and some devices do not tell.
     */
    private void judgeError() {
        loop.poll(); // the reason may have been told behind what was flushed
        if (phase == Phase.OPEN) {
            end(endedItself() ? WireFault.BY_RESPONDER : WireFault.FLUSHED);
        }
    }

    /** Not so where the device is gone, nor over iWARP, where a queue pair is in error also after a peer that left. */
    private boolean endedItself() {
        try {
            return pair.state() == QueuePairState.ERROR && !network.files().isIwarp();
        } catch (VerbsException e) {
            LOG.debug("{}: {}", remote, e.getMessage());
            return false;
        }
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
        if (phase == Phase.OPEN && CompletionStatus.of(status) == CompletionStatus.FLUSHED) {
            inError = true;
        } else if (phase == Phase.OPEN || phase == Phase.EXPECTED) {
            end(WireFault.ofRequest(status, network.settings().retries()));
        }
        markDirty();
    }

    private void end(WireFault fault) {
        IOException cause = new IOException(fault.why());
        ErrorCode code = fault.code();
        if (code == null) {
            wireFailed(cause);
            return;
        }
        broken = cause;
        if (engine != null) {
            engine.abort(new TransportException(code, "rdma " + local + " to " + remote + ": " + fault.why(), cause));
        } // else open() will
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

    /** A queue pair is in error, perhaps this one. */
    void failed(AsyncEvent event) {
        if (event.concerns(pair) && (phase == Phase.OPEN || phase == Phase.EXPECTED)) {
            end(WireFault.ofEvent(event.type()));
        }
    }

    /** What carries the connection has failed here, through no fault of the peer: it ends. */
    void lost(String why) {
        if (phase == Phase.OPEN || phase == Phase.EXPECTED) {
            end(WireFault.ofDevice(why));
        }
    }

    // ---- what goes -----------------------------------------------------------------------------------------------

    /** Posts receives again, and what the engine has to say. */
    void flush() {
        dirty = false;
        try {
            if (phase == Phase.OPEN && inError) {
                judgeError();
            } else if (phase == Phase.OPEN) {
                flush(Objects.requireNonNull(engine));
            } else if (phase == Phase.LINGERING) {
                receives.repost();
                linger();
            }
        } catch (VerbsException e) {
            fail(e);
        }
        if (phase == Phase.FLUSHING && sends.isIdle() && receives.isIdle()) {
            end();
        }
        loop.due(dueNs());
    }

    private void flush(Engine driven) throws VerbsException {
        if (!driven.hasOutput()) {
            driven.settle();
        }
        output.fill(driven, open);
        receives.repost();
        output.tell();
        sends.post();
        driven.settle();
    }

    private boolean isOpen() {
        return phase == Phase.OPEN;
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
        output.drain();
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
            sends.drain(receives.tell());
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
