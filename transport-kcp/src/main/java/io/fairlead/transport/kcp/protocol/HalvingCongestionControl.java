package io.fairlead.transport.kcp.protocol;

/** As RFC 5681 counts, in segments: grows only while the window is what limits, responds once in a round trip, can be undone. */
final class HalvingCongestionControl implements CongestionControl {
    private static final int LEAST = 2;
    private static final int FIRST = 10;

    private int window = FIRST;
    private int threshold = Integer.MAX_VALUE;
    private int acknowledged;
    private int windowBefore = FIRST;
    private int thresholdBefore = Integer.MAX_VALUE;
    private long respondedNs;
    private boolean responded;

    @Override
    public int windowSegments() {
        return window;
    }

    @Override
    public void onAcked(int segments, int inFlight, long rttNs, long nowNs) {
        if (inFlight < window || window >= Windows.MOST_SEGMENTS) {
            return; // the application limits, so nothing was learnt about the path
        }
        if (window < threshold) {
            window += segments;
            return;
        }
        acknowledged += segments;
        if (acknowledged >= window) {
            acknowledged -= window;
            window++;
        }
    }

    @Override
    public void onLoss(int inFlight, long rttNs, long nowNs) {
        respond(Math.max(LEAST, window / 2), rttNs, nowNs);
    }

    @Override
    public void onTimeout(int inFlight, long rttNs, long nowNs) {
        respond(LEAST, rttNs, nowNs);
    }

    private void respond(int reduced, long rttNs, long nowNs) {
        if (responded && nowNs - respondedNs < rttNs) {
            return;
        }
        responded = true;
        respondedNs = nowNs;
        windowBefore = window;
        thresholdBefore = threshold;
        threshold = Math.max(LEAST, window / 2);
        window = reduced;
        acknowledged = 0;
    }

    @Override
    public void onSpurious() {
        if (responded) {
            responded = false;
            window = Math.max(window, windowBefore);
            threshold = Math.max(threshold, thresholdBefore);
        }
    }
}
