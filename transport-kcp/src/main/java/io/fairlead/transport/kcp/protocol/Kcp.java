package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * One end of a KCP conversation. Pure: datagrams come in by {@link #input}, go out through a {@link DatagramSink}, and the caller
 * says what time it is and comes back at {@link #nextDeadlineNs()}.
 *
 * <p><b>Use.</b> On one thread, always the same, or handed over safely: {@link #input} for each datagram that came, {@link #send}
 * for what is to go, then one {@link #flush}, which packs all of it together; {@link #update} when the deadline passes. No method
 * blocks, and none allocates once the rings have grown to what is under way. All times are nanoseconds of one clock that
 * does not go back, such as {@link System#nanoTime()}.
 *
 * <p><b>Memory.</b> Payload is copied once into slots of the pool, where it stays until it is acknowledged, and once from there into
 * the datagram. On the other side it goes from the datagram straight to the {@link Receiver} if it comes in order, else
 * through a slot. Both rings are bounded by {@link Windows} and {@link SendQueue}, all payload by the pool.
 */
public final class Kcp {
    /** Of {@link #send}: the engine is not {@link KcpState#OPEN}. */
    public static final int NOT_OPEN = -1;
    /** Of {@link #send}: the peer could never put such a message together. Of {@link #receive}: the target cannot hold it. */
    public static final int TOO_LARGE = -2;
    /** Of {@link #receive} and {@link #readyBytes}: nothing is there. */
    public static final int NOTHING = -3;

    private final int conversation;
    private final KcpStats stats = new KcpStats();
    private final SendRing sendRing;
    private final ReceiveRing receiveRing;
    private final Acknowledgements acknowledgements;
    private final AckRepeat ackRepeat;
    private final LossEstimate loss = new LossEstimate();
    private final OwnWindow ownWindow;
    private final PeerWindow peerWindow;
    private final RttEstimator rtt;
    private final CongestionControl congestion;
    private final Transmitter transmitter;
    private final Copies copies;
    private final Recovery recovery;
    private final AckIntake ackIntake;
    private final Incoming incoming;
    private final SegmentIntake segments;
    private final Outgoing outgoing;
    private final int sendWindow;
    private final DeadLink deadLink;
    private final SendQueue queue;
    private final boolean legacy;
    private final boolean flushesOnProgress;
    private final long tickNs;
    private KcpState state = KcpState.OPEN;
    private long latestNs;
    private long flushedNs;
    private long nextTickNs;

    /**
     * Nothing is sent until there is something to say.
     *
     * @param conversation equal on both ends
     * @param pool whose slots hold {@link SegmentLimits#slotBytes()} at least; may be shared by engines of the same thread
     * @param nowNs the present time
     */
    public Kcp(int conversation, KcpConfig config, SlotPool pool, DatagramSink sink, Receiver receiver, long nowNs) {
        this(conversation, config, pool, sink, receiver, nowNs, FirstNumbers.ZERO);
    }

    Kcp(
            int conversation,
            KcpConfig config,
            SlotPool pool,
            DatagramSink sink,
            Receiver receiver,
            long nowNs,
            FirstNumbers first) {
        if (pool.slotBytes() < config.segments().slotBytes()) {
            throw new IllegalArgumentException("slots of the pool hold " + pool.slotBytes() + " bytes, but segments "
                    + config.segments().slotBytes());
        }
        this.conversation = conversation;
        sendRing = new SendRing(pool, first.sent());
        receiveRing = new ReceiveRing(
                pool, config.windows().receiveSegments(), !config.segments().stream(), first.received());
        ackRepeat = new AckRepeat(config.acks(), loss);
        acknowledgements = new Acknowledgements(config, ackRepeat);
        ownWindow = new OwnWindow(receiveRing, config.windows());
        peerWindow = new PeerWindow(config.windows(), first.sent());
        rtt = new RttEstimator(config.timing());
        congestion = config.congestion().get();
        DatagramWriter writer = new DatagramWriter(conversation, config.segments(), sink, stats);
        transmitter = new Transmitter(sendRing, writer, stats, first.stampMs());
        copies = new Copies(sendRing, transmitter, loss, rtt, config.recovery());
        legacy = config.recovery().rules().isLegacy();
        recovery = legacy
                ? new ScanningRecovery(
                        sendRing, transmitter, rtt, congestion, stats, config.recovery(), config.timing())
                : new TimedRecovery(
                        sendRing, transmitter, rtt, congestion, copies, stats, config.recovery(), config.timing());
        ackIntake = new AckIntake(sendRing, transmitter, rtt, recovery, congestion, stats, loss);
        incoming = new Incoming(receiveRing, receiver, acknowledgements, ownWindow, stats, config.segments());
        segments = new SegmentIntake(conversation, sendRing, peerWindow, ownWindow, ackIntake, incoming, stats);
        outgoing = new Outgoing(sendRing, config, peerWindow, stats);
        sendWindow = config.windows().sendSegments();
        deadLink = config.deadLink();
        queue = config.queue();
        flushesOnProgress = config.recovery().rules() == LossRecovery.Rules.KCP_GO;
        tickNs = config.timing().tick().toNanos();
        latestNs = nowNs;
        flushedNs = nowNs;
        nextTickNs = nowNs;
    }

    /** {@link #send(MemorySegment, long, int, boolean)} of what may not be dropped. */
    public int send(MemorySegment source, long offset, int lengthBytes) {
        return send(source, offset, lengthBytes, false);
    }

    /** Sends the remaining bytes and advances the position by what was taken, which is also the result. */
    public int send(ByteBuffer source) {
        int taken = send(MemorySegment.ofBuffer(source), 0, source.remaining(), false);
        if (taken > 0) {
            source.position(source.position() + taken);
        }
        return taken;
    }

    /**
     * Queues bytes, to leave with the next {@link #flush}. They are copied: the source is the caller's again.
     *
     * @param droppable may be dropped while wholly unsent, if the policy of the queue is to drop
     * @return the bytes taken: in stream mode any number up to the length, else all or 0. Fewer mean that the queue or the pool is
     *     full: wait until {@link #writable()}. Or {@link #NOT_OPEN}, or {@link #TOO_LARGE}
     */
    public int send(MemorySegment source, long offset, int lengthBytes, boolean droppable) {
        if (state != KcpState.OPEN) {
            return NOT_OPEN;
        }
        if (queue.whenFull() == SendQueue.WhenFull.DISCONNECT && waitSend() >= queue.highSegments()) {
            state = KcpState.SLOW_PEER;
            return NOT_OPEN;
        }
        return outgoing.send(source, offset, lengthBytes, droppable);
    }

    /** Segments in flight and queued. */
    public int waitSend() {
        return sendRing.waiting();
    }

    /** False from the high mark of the queue until the low one is reached. */
    public boolean writable() {
        return state == KcpState.OPEN && outgoing.writable();
    }

    /** {@link #input(MemorySegment, long, int, long)} of the remaining bytes; the position stays. */
    public InputResult input(ByteBuffer datagram, long nowNs) {
        return input(MemorySegment.ofBuffer(datagram), 0, datagram.remaining(), nowNs);
    }

    /**
     * Takes a datagram. Its bytes are the caller's again when this returns. Sends nothing: {@link #flush} after the last datagram of a
     * batch.
     */
    public InputResult input(MemorySegment datagram, long offset, int lengthBytes, long nowNs) {
        return input(datagram, offset, lengthBytes, true, nowNs);
    }

    /**
     * The same for a datagram that a layer below has put together from others, later than it would have come: its window and its
     * stamps tell nothing of the present.
     */
    public InputResult inputRecovered(MemorySegment datagram, long offset, int lengthBytes, long nowNs) {
        return input(datagram, offset, lengthBytes, false, nowNs);
    }

    private InputResult input(MemorySegment datagram, long offset, int lengthBytes, boolean trusted, long nowNs) {
        if (state != KcpState.OPEN) {
            return InputResult.CLOSED;
        }
        latestNs = Math.max(latestNs, nowNs);
        stats.datagramsIn++;
        stats.bytesIn += lengthBytes;
        if (lengthBytes < SegmentHeader.BYTES) {
            stats.foreign++;
            return InputResult.TOO_SHORT;
        }
        ackIntake.begin();
        InputResult result = segments.read(datagram, offset, offset + lengthBytes, trusted, latestNs);
        boolean progress = ackIntake.end(trusted, latestNs);
        if (flushesOnProgress && progress) {
            nextTickNs = latestNs;
        }
        if (receiveRing.ready() == 0) {
            ownWindow.onTaken(latestNs);
        }
        return result;
    }

    /** Offers the receiver again what it did not take. It has room now. */
    public void deliver() {
        if (state == KcpState.OPEN) {
            incoming.deliver();
            ownWindow.onTaken(latestNs);
        }
    }

    /** Bytes of the next whole message, or in stream mode of the next segment; else {@link #NOTHING}. */
    public int readyBytes() {
        int bytes = receiveRing.readyBytes();
        return bytes < 0 ? NOTHING : bytes;
    }

    /**
     * Takes what waits here, for owners whose receiver is {@link Receiver#PULLED}.
     *
     * @return in stream mode the bytes that were there, up to the capacity, else those of one message; or {@link #NOTHING}, or
     *     {@link #TOO_LARGE} if the message stays since it is larger than the capacity
     */
    public int receive(MemorySegment target, long offset, int capacityBytes) {
        int taken = incoming.receive(target, offset, capacityBytes);
        if (taken >= 0) {
            ownWindow.onTaken(latestNs);
        }
        return taken;
    }

    /**
     * Sends all that may go now: what was queued, what is lost, and the acknowledgements, which go along with data or when they are
     * due.
     */
    public void flush(long nowNs) {
        latestNs = Math.max(latestNs, nowNs);
        long now = latestNs;
        flushedNs = now;
        if (state != KcpState.OPEN || gaveUp(now)) {
            return;
        }
        transmitter.begin(now, ownWindow.toTell(), receiveRing.next());
        boolean sendsNew = sendable() > 0;
        if (!acknowledgements.isEmpty() && (legacy || sendsNew || acknowledgements.deadlineNs() <= now)) {
            acknowledgements.write(transmitter, receiveRing.next());
        } else if (sendsNew) {
            ackRepeat.cancel(); // the headers of the data say it
        } else if (ackRepeat.deadlineNs() <= now) {
            ackRepeat.write(transmitter);
        }
        boolean blocked = sendRing.queued() > 0 && sendRing.inFlight() == 0 && !sendsNew;
        if (peerWindow.ask(blocked, rtt.rtoNs(), now)) {
            transmitter.windowAsk();
        }
        if (ownWindow.tell(now)) {
            transmitter.windowTell();
        }
        if (!copies.atOnce()) {
            copies.send(now);
        }
        recovery.retransmit(now, sendsNew);
        sendNew(now);
        transmitter.submit();
        if (copies.atOnce() && copies.send(now)) {
            transmitter.submit();
        }
    }

    private void sendNew(long now) {
        int count = sendable();
        if (count > 0 && sendRing.inFlight() == 0) {
            ackIntake.restart(now);
        }
        for (; count > 0; count--) {
            int number = sendRing.nxt++;
            transmitter.transmitFirst(number);
            recovery.onFirstTransmission(number, now);
        }
    }

    /** New segments that the windows allow. */
    private int sendable() {
        int window = Math.min(sendWindow, congestion.windowSegments());
        int byUs = window - sendRing.inFlight();
        int byPeer = peerWindow.edge() - sendRing.nxt;
        return Math.max(0, Math.min(sendRing.queued(), Math.min(byUs, byPeer)));
    }

    private boolean gaveUp(long now) {
        if (sendRing.inFlight() > 0) {
            long stalledNs = now - ackIntake.progressNs();
            if (sendRing.transmissions[sendRing.una & sendRing.mask] >= deadLink.transmissions()
                    && stalledNs >= deadLink.after().toNanos()) {
                state = KcpState.DEAD_LINK;
            } else if (queue.whenFull() == SendQueue.WhenFull.DISCONNECT
                    && stalledNs >= queue.stalledAfter().toNanos()) {
                state = KcpState.SLOW_PEER;
            }
        }
        return state != KcpState.OPEN;
    }

    /** {@link #flush} if the deadline has passed, else nothing. */
    public void update(long nowNs) {
        latestNs = Math.max(latestNs, nowNs);
        if (nextDeadlineNs() > latestNs) {
            return;
        }
        if (legacy) {
            nextTickNs += tickNs;
            if (nextTickNs <= latestNs) {
                nextTickNs = latestNs + tickNs;
            }
        }
        flush(latestNs);
    }

    /**
     * When to call {@link #update}, if nothing else happens before; {@link Long#MAX_VALUE} while there is nothing to wait for.
     * What has been queued and not flushed is due a tick after the latest flush, so that updates in between do not put it off.
     */
    public long nextDeadlineNs() {
        if (state != KcpState.OPEN) {
            return Recovery.NEVER;
        }
        long first = Math.min(recovery.deadlineNs(), acknowledgements.deadlineNs());
        first = Math.min(first, Math.min(ownWindow.deadlineNs(), peerWindow.deadlineNs()));
        first = Math.min(first, Math.min(copies.deadlineNs(), ackRepeat.deadlineNs()));
        if (sendable() > 0) {
            first = Math.min(first, flushedNs + tickNs);
        } else if (sendRing.queued() > 0 && sendRing.inFlight() == 0 && peerWindow.deadlineNs() == Recovery.NEVER) {
            first = Math.min(first, latestNs);
        }
        if (legacy) {
            return first == Recovery.NEVER ? first : nextTickNs;
        }
        return first;
    }

    public KcpState state() {
        return state;
    }

    public int conversation() {
        return conversation;
    }

    public KcpStats stats() {
        return stats;
    }

    /** Smoothed round trip in nanoseconds; 0 before the first was measured. */
    public long smoothedRttNs() {
        return rtt.smoothedNs();
    }

    public long minRttNs() {
        return rtt.minNs();
    }

    /** Present retransmission timeout of a segment sent once. */
    public long rtoNs() {
        return rtt.rtoNs();
    }

    /** The part of segments whose first transmission was in vain, over the last hundred or so. */
    public double lossRate() {
        return loss.rate();
    }

    public int segmentsInFlight() {
        return sendRing.inFlight();
    }

    /** As it was last told. */
    public int peerWindowSegments() {
        return peerWindow.segments();
    }

    /** Segments that came in order and were not taken. */
    public int readySegments() {
        return receiveRing.ready();
    }

    /** Gives all memory back to the pool. Nothing is sent. May be called again. */
    public void close() {
        if (state != KcpState.CLOSED) {
            state = KcpState.CLOSED;
            sendRing.clear();
            receiveRing.clear();
        }
    }
}
