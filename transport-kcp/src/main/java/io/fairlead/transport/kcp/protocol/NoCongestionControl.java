package io.fairlead.transport.kcp.protocol;

/** Never limits. */
final class NoCongestionControl implements CongestionControl {
    static final NoCongestionControl INSTANCE = new NoCongestionControl();

    private NoCongestionControl() {}

    @Override
    public int windowSegments() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void onAcked(int segments, int inFlight, long rttNs, long nowNs) {}

    @Override
    public void onLoss(int inFlight, long rttNs, long nowNs) {}

    @Override
    public void onTimeout(int inFlight, long rttNs, long nowNs) {}

    @Override
    public void onSpurious() {}
}
