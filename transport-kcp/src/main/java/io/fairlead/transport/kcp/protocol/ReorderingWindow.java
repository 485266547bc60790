package io.fairlead.transport.kcp.protocol;

/**
 * How long an overtaken segment may still be under way. Follows the lateness that acknowledgements show, forgets a sixteenth
 * of it each round trip, and is never more than half a round trip, since a window that grows without bound costs more than what
 * it saves.
 */
final class ReorderingWindow {
    private static final int FORGET_SHIFT = 4;

    private final long floorNs;
    private final RttEstimator rtt;
    private long seenNs;
    private long decayedNs;

    ReorderingWindow(long floorNs, RttEstimator rtt) {
        this.floorNs = floorNs;
        this.rtt = rtt;
    }

    /** A segment came so much later than one that was sent after it. */
    void late(long latenessNs, long nowNs) {
        if (latenessNs > seenNs) {
            seenNs = latenessNs;
            decayedNs = nowNs;
        }
    }

    void decay(long nowNs) {
        if (seenNs > 0 && nowNs - decayedNs > rtt.smoothedNs()) {
            seenNs -= (seenNs >> FORGET_SHIFT) + 1;
            decayedNs = nowNs;
        }
    }

    /** What was seen of late, with a quarter of margin; 0 on a path that keeps the order. */
    long seenNs() {
        return Math.min(seenNs + seenNs / 4, rtt.smoothedNs() / 2);
    }

    /** What was seen, but at least the floor and an eighth of a round trip. */
    long windowNs() {
        return Math.max(seenNs(), Math.max(floorNs, rtt.smoothedNs() / 8));
    }
}
