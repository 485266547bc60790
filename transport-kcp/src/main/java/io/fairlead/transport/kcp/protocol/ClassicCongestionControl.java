package io.fairlead.transport.kcp.protocol;

/**
 * Behaves as ikcp does: the threshold starts at 2, the window grows by one for each input in slow start however much that
 * acknowledges, and each timeout sets it to 1. It cannot carry 50 small messages a second at 5 % loss.
 */
final class ClassicCongestionControl implements CongestionControl {
    private static final int LEAST_THRESHOLD = 2;

    private int window = 1;
    private int threshold = LEAST_THRESHOLD;
    private double part;

    @Override
    public int windowSegments() {
        return window;
    }

    @Override
    public void onAcked(int segments, int inFlight, long rttNs, long nowNs) {
        if (window < threshold) {
            window++;
            part = 0;
        } else {
            part += 1.0 / window + 1.0 / 16;
            if (part >= 1) {
                window++;
                part = 0;
            }
        }
    }

    @Override
    public void onLoss(int inFlight, long rttNs, long nowNs) {
        threshold = Math.max(LEAST_THRESHOLD, inFlight / 2);
        window = threshold;
        part = 0;
    }

    @Override
    public void onTimeout(int inFlight, long rttNs, long nowNs) {
        threshold = Math.max(LEAST_THRESHOLD, window / 2);
        window = 1;
        part = 0;
    }

    @Override
    public void onSpurious() {}
}
