package io.fairlead.it.network;

/** What happened in both directions since the network was opened. */
public record NetworkCounters(LinkCounters aToB, LinkCounters bToA) {
    /** Bytes of all IP packets sent by both ends: what the wire costs. */
    public long bytesOnWire() {
        return aToB.bytesIn() + bToA.bytesIn();
    }
}
