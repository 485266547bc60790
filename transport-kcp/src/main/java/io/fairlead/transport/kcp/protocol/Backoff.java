package io.fairlead.transport.kcp.protocol;

/** How the timeout of a segment grows each time that it passes. */
public enum Backoff {
    /** Twice as long each time; nodelay 0 of ikcp. */
    DOUBLE,
    /** Half as long again each time; nodelay 1 of ikcp. */
    HALF_MORE,
    /** Longer by half of the first each time; nodelay 2 of ikcp, and what kcp-go does. */
    LINEAR;

    private static final int MOST = 64;

    /** The factor after so many timeouts, at most 64. */
    double factor(int timeouts) {
        return switch (this) {
            case DOUBLE -> Math.min(MOST, Math.pow(2, timeouts));
            case HALF_MORE -> Math.min(MOST, Math.pow(1.5, timeouts));
            case LINEAR -> Math.min(MOST, 1 + timeouts / 2.0);
        };
    }
}
