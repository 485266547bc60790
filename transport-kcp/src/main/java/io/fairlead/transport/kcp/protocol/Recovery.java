package io.fairlead.transport.kcp.protocol;

/** Which of the outstanding segments are lost, and when to look again. {@code index} is that in the ring. */
interface Recovery {
    /** Of {@link #deadlineNs}: nothing is outstanding. */
    long NEVER = Long.MAX_VALUE;

    /** A segment has been sent for the first time. */
    void onFirstTransmission(int number, long nowNs);

    /**
     * A segment, or one that had been acknowledged already, was named by an acknowledgement. Before it leaves the ring.
     *
     * @param outstanding whether it still is
     * @param latest whether its latest transmission was meant
     */
    void onAcknowledged(int number, int stamp, boolean outstanding, boolean latest, long nowNs);

    /** An outstanding segment was covered by the cumulative acknowledgement. Before it leaves the ring. */
    void onCovered(int number, long nowNs);

    /** A retransmission proved spurious. @param lateNs since the transmission that had arrived after all */
    void onSpurious(int number, long lateNs, long nowNs);

    /** All of a datagram was read. */
    void onInputEnd(long nowNs);

    /** Sends again what is lost by now. @param newSegments whether this flush will send new ones */
    void retransmit(long nowNs, boolean newSegments);

    long deadlineNs();
}
