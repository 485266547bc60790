package io.fairlead.transport.kcp.protocol;

/**
 * Bounds what timeouts send while little comes back. When a peer, or the path, stands still for a moment, the timeouts of a whole window
 * pass at once; to send all of it again would double what the peer has to work off, and make its buffers overflow. So a few go as
 * probes, and more as acknowledgements come. A flow of few segments never notices.
 */
final class TimeoutBudget {
    private static final int FIRST = 32;
    private static final int PER_PAUSE = 16;
    private static final int PER_ACKNOWLEDGED = 2;
    private static final int MOST = 256;

    private final long longestPauseNs;
    private int left = FIRST;
    private long pauseNs;
    private long refilledNs;

    TimeoutBudget(long longestPauseNs) {
        this.longestPauseNs = longestPauseNs;
    }

    /** Whether one more may be sent. */
    boolean take(long nowNs, long rtoNs) {
        if (left == 0 && nowNs < refilledNs) {
            return false;
        }
        if (left == 0) {
            left = PER_PAUSE;
        }
        if (--left == 0) {
            pauseNs = Math.min(longestPauseNs, Math.max(rtoNs, 2 * pauseNs));
            refilledNs = nowNs + pauseNs;
        }
        return true;
    }

    /** A segment left the flight. */
    void acknowledged() {
        left = Math.min(MOST, left + PER_ACKNOWLEDGED);
        pauseNs = 0;
    }

    /** The earliest time at which a timeout can send something. */
    long notBeforeNs() {
        return left == 0 ? refilledNs : Long.MIN_VALUE;
    }
}
