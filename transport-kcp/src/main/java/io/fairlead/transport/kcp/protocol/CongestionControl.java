package io.fairlead.transport.kcp.protocol;

/**
 * How much may be in flight, as far as the path is concerned. One instance for each engine, called on its thread only; must not
 * throw. Times are of the clock that the engine is given.
 */
public interface CongestionControl {
    /** Most segments in flight, at least 1. */
    int windowSegments();

    /**
     * Segments left the flight.
     *
     * @param segments acknowledged by one datagram, more than 0
     * @param inFlight before it
     * @param rttNs smoothed round trip
     */
    void onAcked(int segments, int inFlight, long rttNs, long nowNs);

    /** A segment counts as lost since later ones arrived. Called for each such segment. */
    void onLoss(int inFlight, long rttNs, long nowNs);

    /** The timeout of a segment has passed. Called for each such segment. */
    void onTimeout(int inFlight, long rttNs, long nowNs);

    /** The last response to a loss was to one that was none. */
    void onSpurious();

    /** No window but those of the two ends: nc = 1 of ikcp. Loss by chance costs no speed, and loss by congestion changes nothing. */
    static CongestionControl none() {
        return NoCongestionControl.INSTANCE;
    }

    /** That of ikcp with nc = 0, faults included: for comparison only. */
    static CongestionControl classic() {
        return new ClassicCongestionControl();
    }

    /** Slow start, one more segment each round trip, and half the window at most once in a round trip (RFC 5681). */
    static CongestionControl halving() {
        return new HalvingCongestionControl();
    }
}
