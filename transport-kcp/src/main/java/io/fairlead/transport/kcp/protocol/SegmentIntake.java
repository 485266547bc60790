package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;

/** Takes datagrams apart, checks the fields of each segment against what can be, and hands it to whom it concerns. */
final class SegmentIntake {
    private static final int TOO_OLD = 1 << 30;

    private final int conversation;
    private final SendRing sendRing;
    private final PeerWindow peerWindow;
    private final OwnWindow ownWindow;
    private final AckIntake ackIntake;
    private final Incoming incoming;
    private final KcpStats stats;

    SegmentIntake(
            int conversation,
            SendRing sendRing,
            PeerWindow peerWindow,
            OwnWindow ownWindow,
            AckIntake ackIntake,
            Incoming incoming,
            KcpStats stats) {
        this.conversation = conversation;
        this.sendRing = sendRing;
        this.peerWindow = peerWindow;
        this.ownWindow = ownWindow;
        this.ackIntake = ackIntake;
        this.incoming = incoming;
        this.stats = stats;
    }

    /**
     * Reads one datagram, from its first byte to the end.
     *
     * @param trusted whether its window is of the present
     */
    InputResult read(MemorySegment datagram, long from, long end, boolean trusted, long nowNs) {
        long at = from;
        while (end - at >= SegmentHeader.BYTES) {
            if (SegmentHeader.conversation(datagram, at) != conversation) {
                stats.foreign++;
                return InputResult.FOREIGN;
            }
            int length = SegmentHeader.length(datagram, at);
            if (length < 0 || length > end - at - SegmentHeader.BYTES) {
                stats.refused++;
                return InputResult.BAD_LENGTH;
            }
            int kind = SegmentHeader.kind(datagram, at);
            int command = SegmentHeader.command(kind);
            if (command < SegmentHeader.PUSH || command > SegmentHeader.WINDOW_TELL) {
                stats.foreign++;
                return InputResult.UNKNOWN_COMMAND;
            }
            segment(datagram, at, kind, length, trusted, nowNs);
            at += SegmentHeader.BYTES + length;
        }
        return InputResult.OK;
    }

    private void segment(MemorySegment datagram, long at, int kind, int length, boolean trusted, long nowNs) {
        int una = SegmentHeader.unacknowledged(datagram, at);
        if (Integer.compareUnsigned(sendRing.nxt - una, TOO_OLD) > 0) { // after the next number, or senseless
            stats.refused++;
            return;
        }
        int number = SegmentHeader.number(datagram, at);
        int stamp = SegmentHeader.stamp(datagram, at);
        int command = SegmentHeader.command(kind);
        boolean known = command != SegmentHeader.ACK || vouchedFor(number, stamp);
        if (!known) {
            stats.refused++;
            return;
        }
        if (trusted) {
            peerWindow.told(una, SegmentHeader.window(kind));
        }
        ackIntake.cover(una, nowNs);
        switch (command) {
            case SegmentHeader.ACK -> ackIntake.acknowledge(number, stamp, nowNs);
            case SegmentHeader.PUSH ->
                incoming.push(
                        number, stamp, SegmentHeader.fragment(kind), datagram, at + SegmentHeader.BYTES, length, nowNs);
            case SegmentHeader.WINDOW_ASK -> ownWindow.onAsked();
            default -> {
                // The window has been taken from the header.
            }
        }
    }

    private boolean vouchedFor(int number, int stamp) {
        return Serial.before(number, sendRing.nxt) && sendRing.match(number, stamp) != SendRing.STAMP_FORGED;
    }
}
