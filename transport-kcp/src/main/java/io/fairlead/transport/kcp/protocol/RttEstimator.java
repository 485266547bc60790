package io.fairlead.transport.kcp.protocol;

/**
 * The smoothed round trip and its variation (RFC 6298, gains 1/8 and 1/4), the timeout that follows from them, and the
 * least round trip of the last tens of seconds. Nanoseconds throughout.
 */
final class RttEstimator {
    private static final long MIN_WINDOW_NS = 10_000_000_000L;

    private final long guardNs;
    private final long minRtoNs;
    private final long maxRtoNs;
    private long smoothedNs;
    private long variationNs;
    private long rtoNs;
    private long minNs = Long.MAX_VALUE;
    private long nextMinNs = Long.MAX_VALUE;
    private long windowStartedNs;

    RttEstimator(Timing timing) {
        guardNs = timing.rtoGuard().toNanos();
        minRtoNs = timing.minRto().toNanos();
        maxRtoNs = timing.maxRto().toNanos();
        rtoNs = timing.initialRto().toNanos();
    }

    void sample(long rttNs, long nowNs) {
        if (smoothedNs == 0) {
            smoothedNs = Math.max(1, rttNs);
            variationNs = rttNs / 2;
            windowStartedNs = nowNs;
        } else {
            variationNs += (Math.abs(rttNs - smoothedNs) - variationNs) / 4;
            smoothedNs = Math.max(1, smoothedNs + (rttNs - smoothedNs) / 8);
        }
        rtoNs = Math.clamp(smoothedNs + Math.max(guardNs, 4 * variationNs), minRtoNs, maxRtoNs);
        leastOf(rttNs, nowNs);
    }

    /** Two windows, so that an old least one is forgotten without a list of samples. */
    private void leastOf(long rttNs, long nowNs) {
        minNs = Math.min(minNs, rttNs);
        nextMinNs = Math.min(nextMinNs, rttNs);
        if (nowNs - windowStartedNs > MIN_WINDOW_NS) {
            minNs = nextMinNs;
            nextMinNs = rttNs;
            windowStartedNs = nowNs;
        }
    }

    boolean measured() {
        return smoothedNs != 0;
    }

    /** 0 before the first sample. */
    long smoothedNs() {
        return smoothedNs;
    }

    long variationNs() {
        return variationNs;
    }

    /** The least of the last 10 to 20 s, or 0 before the first sample. */
    long minNs() {
        return minNs == Long.MAX_VALUE ? 0 : minNs;
    }

    long rtoNs() {
        return rtoNs;
    }
}
