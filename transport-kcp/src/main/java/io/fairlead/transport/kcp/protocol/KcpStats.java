package io.fairlead.transport.kcp.protocol;

/** What an engine has counted since its start. Written by its thread; a reader elsewhere may see a number late. */
public final class KcpStats {
    long datagramsIn;
    long datagramsOut;
    long bytesIn;
    long bytesOut;
    long segmentsOut;
    long payloadBytesOut;
    long segmentsIn;
    long payloadBytesIn;
    long acksIn;
    long acksOut;
    long fastRetransmits;
    long timeBasedRetransmits;
    long earlyRetransmits;
    long timeoutRetransmits;
    long tailProbes;
    long copies;
    long spurious;
    long duplicatesIn;
    long beyondWindow;
    long refused;
    long foreign;
    long noSlot;
    long dropped;
    long windowAsks;
    long windowTells;

    KcpStats() {}

    public long datagramsIn() {
        return datagramsIn;
    }

    public long datagramsOut() {
        return datagramsOut;
    }

    /** Of datagrams, segment headers included. */
    public long bytesIn() {
        return bytesIn;
    }

    /** Of datagrams, segment headers included. */
    public long bytesOut() {
        return bytesOut;
    }

    /** Data segments sent for the first time. */
    public long segmentsOut() {
        return segmentsOut;
    }

    /** Payload sent for the first time. */
    public long payloadBytesOut() {
        return payloadBytesOut;
    }

    /** Data segments that came, each counted once. */
    public long segmentsIn() {
        return segmentsIn;
    }

    /** Payload that came, each byte counted once. */
    public long payloadBytesIn() {
        return payloadBytesIn;
    }

    public long acksIn() {
        return acksIn;
    }

    public long acksOut() {
        return acksOut;
    }

    /** Since enough later segments were acknowledged. */
    public long fastRetransmits() {
        return fastRetransmits;
    }

    /** Since a later segment was acknowledged and the reordering window passed. */
    public long timeBasedRetransmits() {
        return timeBasedRetransmits;
    }

    /** By kcp-go's rule. */
    public long earlyRetransmits() {
        return earlyRetransmits;
    }

    public long timeoutRetransmits() {
        return timeoutRetransmits;
    }

    public long tailProbes() {
        return tailProbes;
    }

    /** Second datagrams of retransmissions, counted beside these. */
    public long copies() {
        return copies;
    }

    /** All transmissions of data after the first, copies included. */
    public long retransmits() {
        return fastRetransmits + timeBasedRetransmits + earlyRetransmits + timeoutRetransmits + tailProbes + copies;
    }

    /** Retransmissions that an acknowledgement proved unneeded. */
    public long spurious() {
        return spurious;
    }

    /** Data segments that had come before. */
    public long duplicatesIn() {
        return duplicatesIn;
    }

    /** Data segments outside of the receive window, dropped. */
    public long beyondWindow() {
        return beyondWindow;
    }

    /** Segments with a field that cannot be, dropped. */
    public long refused() {
        return refused;
    }

    /** Datagrams of another conversation, too short, or of an unknown command. */
    public long foreign() {
        return foreign;
    }

    /** Data segments dropped since the slot pool was empty. */
    public long noSlot() {
        return noSlot;
    }

    /** Sends dropped by the policy of the queue. */
    public long dropped() {
        return dropped;
    }

    /** Questions for the peer's closed window. */
    public long windowAsks() {
        return windowAsks;
    }

    public long windowTells() {
        return windowTells;
    }
}
