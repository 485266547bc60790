package io.fairlead.transport.kcp.protocol;

import io.fairlead.transport.kcp.protocol.LossRecovery.Rules;

/**
 * The rules of ikcp and of kcp-go, as far as their timing is concerned: each flush looks at every segment in flight. Kept
 * for comparison, and for peers whose behaviour was tuned to them.
 */
final class ScanningRecovery implements Recovery {
    /** In kcp-go a segment that was resent fast waits for its timeout. */
    private static final int LATCHED = -1;

    private final SendRing ring;
    private final Transmitter transmitter;
    private final RttEstimator rtt;
    private final CongestionControl congestion;
    private final KcpStats stats;
    private final LossRecovery config;
    private final Rules rules;
    private final Timing timing;
    private boolean anyNamed;
    private int highestNamed;
    private int highestStamp;

    ScanningRecovery(
            SendRing ring,
            Transmitter transmitter,
            RttEstimator rtt,
            CongestionControl congestion,
            KcpStats stats,
            LossRecovery config,
            Timing timing) {
        this.ring = ring;
        this.transmitter = transmitter;
        this.rtt = rtt;
        this.congestion = congestion;
        this.stats = stats;
        this.config = config;
        this.rules = config.rules();
        this.timing = timing;
    }

    @Override
    public void onFirstTransmission(int number, long nowNs) {
        int index = number & ring.mask;
        long slackNs = timing.backoff() == Backoff.DOUBLE ? rtt.rtoNs() / 8 : 0;
        ring.skips[index] = 0;
        ring.timeoutNs[index] = rtt.rtoNs();
        ring.resendNs[index] = nowNs + rtt.rtoNs() + slackNs;
    }

    @Override
    public void onAcknowledged(int number, int stamp, boolean outstanding, boolean latest, long nowNs) {
        if (rules == Rules.KCP_GO) {
            skip(number, stamp, true);
        } else if (!anyNamed
                || Serial.after(number, highestNamed) && (rules == Rules.IKCP || Serial.after(stamp, highestStamp))) {
            anyNamed = true;
            highestNamed = number;
            highestStamp = stamp;
        }
    }

    @Override
    public void onCovered(int number, long nowNs) {}

    @Override
    public void onSpurious(int number, long lateNs, long nowNs) {}

    @Override
    public void onInputEnd(long nowNs) {
        if (anyNamed) {
            anyNamed = false;
            skip(highestNamed, highestStamp, rules == Rules.IKCP_CONSERVE);
        }
    }

    /** Counts a skip for all before the one named. @param byStamp only those that were not sent later than it */
    private void skip(int named, int stamp, boolean byStamp) {
        for (int number = ring.una; Serial.before(number, named) && number != ring.nxt; number++) {
            int index = number & ring.mask;
            boolean counts = !byStamp || !Serial.after(ring.latestStamp(index), stamp);
            if (ring.slot[index] != SendRing.ACKNOWLEDGED && ring.skips[index] != LATCHED && counts) {
                ring.skips[index]++;
            }
        }
    }

    @Override
    public void retransmit(long nowNs, boolean newSegments) {
        for (int number = ring.una; number != ring.nxt; number++) {
            int index = number & ring.mask;
            if (ring.slot[index] == SendRing.ACKNOWLEDGED) {
                continue;
            }
            if (rules == Rules.KCP_GO) {
                resendAsKcpGo(number, index, nowNs, newSegments);
            } else {
                resendAsIkcp(number, index, nowNs);
            }
        }
    }

    private void resendAsIkcp(int number, int index, long nowNs) {
        boolean mayBeFast = config.fastLimit() == 0 || ring.transmissions[index] <= config.fastLimit();
        if (ring.resendNs[index] <= nowNs) {
            timeOut(number, index, nowNs);
        } else if (config.fastSkips() > 0 && ring.skips[index] >= config.fastSkips() && mayBeFast) {
            ring.skips[index] = 0;
            ring.resendNs[index] = nowNs + ring.timeoutNs[index];
            stats.fastRetransmits++;
            congestion.onLoss(ring.inFlight(), rtt.smoothedNs(), nowNs);
            transmitter.transmit(number);
        }
    }

    private void resendAsKcpGo(int number, int index, long nowNs, boolean newSegments) {
        int skips = ring.skips[index];
        boolean fast = config.fastSkips() > 0 && skips >= config.fastSkips();
        if (fast || skips > 0 && !newSegments) {
            ring.skips[index] = LATCHED;
            ring.timeoutNs[index] = rtt.rtoNs();
            ring.resendNs[index] = nowNs + rtt.rtoNs();
            if (fast) {
                stats.fastRetransmits++;
            } else {
                stats.earlyRetransmits++;
            }
            congestion.onLoss(ring.inFlight(), rtt.smoothedNs(), nowNs);
            transmitter.transmit(number);
        } else if (ring.resendNs[index] <= nowNs) {
            ring.skips[index] = 0;
            timeOut(number, index, nowNs);
        }
    }

    private void timeOut(int number, int index, long nowNs) {
        long soFarNs = ring.timeoutNs[index];
        long grownNs = switch (timing.backoff()) {
            case DOUBLE -> soFarNs + Math.max(soFarNs, rtt.rtoNs());
            case HALF_MORE -> soFarNs + soFarNs / 2;
            case LINEAR -> soFarNs + rtt.rtoNs() / 2;
        };
        ring.timeoutNs[index] = Math.min(grownNs, timing.maxRto().toNanos());
        ring.resendNs[index] = nowNs + ring.timeoutNs[index];
        stats.timeoutRetransmits++;
        congestion.onTimeout(ring.inFlight(), rtt.smoothedNs(), nowNs);
        transmitter.transmit(number);
    }

    @Override
    public long deadlineNs() {
        // They look at every tick while anything is outstanding.
        return ring.una == ring.nxt ? NEVER : Long.MIN_VALUE;
    }
}
