package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;

/** Takes data segments, gives their bytes in order to the receiver, and notes what is to be acknowledged. */
final class Incoming {
    /** A duplicate further back than this is no late one. */
    private static final int OLDEST = 2 * (Windows.MOST_SEGMENTS + 1);

    private final ReceiveRing ring;
    private final Receiver receiver;
    private final Acknowledgements acknowledgements;
    private final OwnWindow ownWindow;
    private final KcpStats stats;
    private final int maxPayloadBytes;
    private final boolean messages;
    private boolean delivering;

    Incoming(
            ReceiveRing ring,
            Receiver receiver,
            Acknowledgements acknowledgements,
            OwnWindow ownWindow,
            KcpStats stats,
            SegmentLimits limits) {
        this.ring = ring;
        this.receiver = receiver;
        this.acknowledgements = acknowledgements;
        this.ownWindow = ownWindow;
        this.stats = stats;
        this.maxPayloadBytes = limits.maxPayloadBytes();
        this.messages = !limits.stream();
    }

    void push(int number, int stamp, int fragment, MemorySegment datagram, long offset, int lengthBytes, long nowNs) {
        if (lengthBytes > maxPayloadBytes) {
            stats.refused++;
            return;
        }
        if (Serial.before(number, ring.next()) && Integer.compareUnsigned(ring.next() - number, OLDEST) <= 0
                || ring.inWindow(number) && ring.has(number)) {
            // Its acknowledgement was lost, or is on its way.
            stats.duplicatesIn++;
            acknowledgements.add(number, stamp, lengthBytes, true, nowNs);
            return;
        }
        if (!ring.inWindow(number)) {
            stats.beyondWindow++;
            return;
        }
        if (!ring.fits(number, fragment)) {
            stats.refused++;
            return;
        }
        boolean inOrder = number == ring.next();
        boolean gapFilled = inOrder && ring.has(number + 1);
        boolean taken = inOrder && ring.ready() == 0 && !delivering
                ? passOrStore(number, fragment, datagram, offset, lengthBytes)
                : ring.store(number, fragment, datagram, offset, lengthBytes);
        if (!taken) {
            stats.noSlot++;
            return;
        }
        stats.segmentsIn++;
        stats.payloadBytesIn += lengthBytes;
        acknowledgements.add(number, stamp, lengthBytes, !inOrder || gapFilled, nowNs);
        ownWindow.onData();
        if (inOrder) {
            boolean waited = ring.ready() > 0;
            ring.advance();
            if (!waited) {
                deliver();
            }
        }
    }

    /** Nothing waits before it, so that the receiver may have it from the datagram. */
    private boolean passOrStore(int number, int fragment, MemorySegment datagram, long offset, int lengthBytes) {
        if (lengthBytes == 0) {
            // Nothing tells an empty message that was taken from one that was not, so it is offered from the ring,
            // once.
            return ring.store(number, fragment, datagram, offset, 0);
        }
        int done = ring.consumed();
        if (done > lengthBytes) {
            return false; // not the segment of which the beginning was taken
        }
        delivering = true;
        int taken;
        try {
            taken = checked(
                    receiver.take(datagram, offset + done, lengthBytes - done, messages ? fragment : 0),
                    lengthBytes - done);
        } finally {
            delivering = false;
        }
        if (taken == lengthBytes - done) {
            ring.passNext(fragment);
            return true;
        }
        boolean stored = ring.store(number, fragment, datagram, offset, lengthBytes);
        ring.consume(taken);
        return stored;
    }

    /** Offers what is ready until the receiver takes less than it is offered. */
    void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (ring.ready() > 0) {
                int offered = ring.headLength();
                int taken = checked(
                        receiver.take(ring.headBlock(), ring.headOffset(), offered, ring.headFragment()), offered);
                if (taken < offered || receiver == Receiver.PULLED) {
                    ring.consume(taken);
                    return;
                }
                ring.removeHead();
                ring.advance();
            }
        } finally {
            delivering = false;
        }
    }

    private static int checked(int taken, int offered) {
        if (taken < 0 || taken > offered) {
            throw new IllegalStateException("the receiver says that it took " + taken + " of " + offered + " bytes");
        }
        return taken;
    }

    /** See {@link Kcp#receive}. */
    int receive(MemorySegment target, long offset, int capacityBytes) {
        int wanted = ring.readyBytes();
        if (wanted < 0) {
            return Kcp.NOTHING;
        }
        if (messages && wanted > capacityBytes) {
            return Kcp.TOO_LARGE;
        }
        int done = 0;
        boolean more = true;
        while (more && ring.ready() > 0) {
            int bytes = Math.min(ring.headLength(), capacityBytes - done);
            MemorySegment.copy(ring.headBlock(), ring.headOffset(), target, offset + done, bytes);
            done += bytes;
            if (bytes < ring.headLength()) {
                ring.consume(bytes);
                break;
            }
            more = !messages || ring.headFragment() > 0;
            ring.removeHead();
            ring.advance();
        }
        return done;
    }
}
