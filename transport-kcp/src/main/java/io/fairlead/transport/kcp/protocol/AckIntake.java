package io.fairlead.transport.kcp.protocol;

/**
 * What the acknowledgements of the peer do to the ring, once for each datagram: {@link #begin}, the segments, {@link #end}. Each
 * field is checked against what was sent, since without encryption anyone may forge one.
 */
final class AckIntake {
    private static final long NS_PER_MS = 1_000_000;

    private final SendRing ring;
    private final Transmitter transmitter;
    private final RttEstimator rtt;
    private final Recovery recovery;
    private final CongestionControl congestion;
    private final KcpStats stats;
    private final LossEstimate loss;
    private int inFlightBefore;
    private int acknowledged;
    private boolean sampled;
    private int sampledStamp;
    private long sampleNs;
    private long progressNs;

    AckIntake(
            SendRing ring,
            Transmitter transmitter,
            RttEstimator rtt,
            Recovery recovery,
            CongestionControl congestion,
            KcpStats stats,
            LossEstimate loss) {
        this.ring = ring;
        this.transmitter = transmitter;
        this.rtt = rtt;
        this.recovery = recovery;
        this.congestion = congestion;
        this.stats = stats;
        this.loss = loss;
    }

    void begin() {
        inFlightBefore = ring.inFlight();
        acknowledged = 0;
        sampled = false;
    }

    /** Takes out all before {@code una}, which is not after the next number. */
    void cover(int una, long nowNs) {
        while (Serial.before(ring.una, una)) {
            int index = ring.una & ring.mask;
            if (ring.slot[index] != SendRing.ACKNOWLEDGED) {
                recovery.onCovered(ring.una, nowNs);
                leave(index);
            }
            ring.una++;
        }
        ring.advance();
    }

    private void leave(int index) {
        loss.outcome(ring.transmissions[index] > 1 && (ring.flags[index] & SendRing.SEEN_SPURIOUS) == 0);
        ring.acknowledge(index);
        acknowledged++;
    }

    /** One acknowledgement. @return whether we sent what it speaks of, or may have */
    boolean acknowledge(int number, int stamp, long nowNs) {
        if (!Serial.before(number, ring.nxt)) {
            return false;
        }
        int match = ring.match(number, stamp);
        if (match == SendRing.STAMP_FORGED) {
            return false;
        }
        stats.acksIn++;
        int index = number & ring.mask;
        boolean outstanding = ring.outstanding(number);
        if (match == SendRing.STAMP_LATEST) {
            sample(stamp, nowNs - ring.sentNs[index]);
        } else if (match == SendRing.STAMP_EARLIER) {
            long ageNs = (transmitter.stampAt(nowNs) - stamp) * NS_PER_MS;
            sample(stamp, ageNs);
            if ((ring.flags[index] & SendRing.SEEN_SPURIOUS) == 0) {
                ring.flags[index] |= SendRing.SEEN_SPURIOUS;
                stats.spurious++;
                recovery.onSpurious(number, ageNs, nowNs);
            }
        }
        if (outstanding || match != SendRing.STAMP_FORGOTTEN) {
            recovery.onAcknowledged(number, stamp, outstanding, match == SendRing.STAMP_LATEST, nowNs);
        }
        if (outstanding) {
            leave(index);
            ring.advance();
        }
        return true;
    }

    /** Of several in a datagram, the one sent last has waited least for the others. */
    private void sample(int stamp, long rttNs) {
        if (!sampled || Serial.after(stamp, sampledStamp)) {
            sampled = true;
            sampledStamp = stamp;
            sampleNs = rttNs;
        }
    }

    /** @return whether any segment was acknowledged */
    boolean end(boolean trusted, long nowNs) {
        if (sampled && trusted) {
            rtt.sample(sampleNs, nowNs);
        }
        recovery.onInputEnd(nowNs);
        if (acknowledged > 0) {
            progressNs = nowNs;
            congestion.onAcked(acknowledged, inFlightBefore, rtt.smoothedNs(), nowNs);
        }
        return acknowledged > 0;
    }

    /** The flight begins. */
    void restart(long nowNs) {
        progressNs = nowNs;
    }

    /** When segments were acknowledged last, or the flight began. */
    long progressNs() {
        return progressNs;
    }
}
