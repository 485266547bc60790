package io.fairlead.transport.kcp.protocol;

import java.util.Arrays;

/**
 * Finds losses by the order of transmission. A segment is lost when
 * <ul>
 *   <li>enough transmissions after its own were acknowledged (the counting rule, exact, since it looks at the n-th highest one
 *       only), and the reordering that was seen has had its time;
 *   <li>one transmission after its own was, and the reordering window has passed (RFC 8985);
 *   <li>its timeout has passed.
 * </ul>
 * All three become true first for the heads of the {@link TransmissionLists}, so the cost of an acknowledgement is that of
 * the segments which it concerns. The list of a segment is the number of its timeouts, plus 16 if its fast
 * retransmissions are used up.
 */
final class TimedRecovery implements Recovery {
    private static final int LEVELS = 16;
    private static final int TIMEOUT_ONLY = LEVELS;

    private final SendRing ring;
    private final TransmissionLists lists;
    private final Transmitter transmitter;
    private final RttEstimator rtt;
    private final ReorderingWindow reordering;
    private final CongestionControl congestion;
    private final Copies copies;
    private final KcpStats stats;
    private final LossRecovery rules;
    private final double[] factors = new double[LEVELS];
    private final long maxRtoNs;
    private final long guardNs;

    // The latest of the acknowledged transmissions.
    private boolean anyAcknowledged;
    private int latestOrder;
    private long latestSentNs;
    private long latestRttNs;

    /** The highest acknowledged transmissions, highest first. */
    private final int[] highest;

    private int highestCount;
    private boolean probed;
    private long lastEventNs;

    TimedRecovery(
            SendRing ring,
            Transmitter transmitter,
            RttEstimator rtt,
            CongestionControl congestion,
            Copies copies,
            KcpStats stats,
            LossRecovery rules,
            Timing timing) {
        this.ring = ring;
        this.lists = ring.lists;
        this.transmitter = transmitter;
        this.rtt = rtt;
        this.reordering = new ReorderingWindow(rules.reorderFloor().toNanos(), rtt);
        this.congestion = congestion;
        this.copies = copies;
        this.stats = stats;
        this.rules = rules;
        this.highest = new int[rules.fastSkips()];
        this.maxRtoNs = timing.maxRto().toNanos();
        this.guardNs = timing.rtoGuard().toNanos();
        Arrays.setAll(factors, level -> timing.backoff().factor(Math.max(0, level - timing.growsAfter())));
    }

    @Override
    public void onFirstTransmission(int number, long nowNs) {
        lists.append(number & ring.mask, 0);
        lastEventNs = nowNs;
        probed = false;
    }

    @Override
    public void onAcknowledged(int number, int stamp, boolean outstanding, boolean latest, long nowNs) {
        if (outstanding) {
            int index = number & ring.mask;
            lists.remove(index);
            arrived(nowNs);
            if (latest) {
                observe(index, nowNs);
            }
        }
    }

    @Override
    public void onCovered(int number, long nowNs) {
        int index = number & ring.mask;
        lists.remove(index);
        arrived(nowNs);
        if (ring.transmissions[index] == 1) {
            observe(index, nowNs); // of several transmissions, nothing tells which arrived
        }
    }

    private void arrived(long nowNs) {
        lastEventNs = nowNs;
        probed = false;
    }

    private void observe(int index, long nowNs) {
        int order = ring.order[index];
        long ageNs = nowNs - ring.sentNs[index];
        if (!anyAcknowledged || Serial.after(order, latestOrder)) {
            anyAcknowledged = true;
            latestOrder = order;
            latestSentNs = ring.sentNs[index];
            latestRttNs = ageNs;
        } else if (ring.transmissions[index] == 1) {
            reordering.late(ageNs - latestRttNs, nowNs);
        }
        int at = highestCount;
        while (at > 0 && Serial.after(order, highest[at - 1])) {
            if (at < highest.length) {
                highest[at] = highest[at - 1];
            }
            at--;
        }
        if (at < highest.length) {
            highest[at] = order;
            highestCount = Math.min(highestCount + 1, highest.length);
        }
    }

    @Override
    public void onSpurious(int number, long lateNs, long nowNs) {
        reordering.late(lateNs - latestRttNs, nowNs);
        if (rules.undo()) {
            congestion.onSpurious();
        }
    }

    @Override
    public void onInputEnd(long nowNs) {
        reordering.decay(nowNs);
    }

    @Override
    public void retransmit(long nowNs, boolean newSegments) {
        // All wait for the first one, so that it shall not be the one for which a short queue has no room, time after
        // time.
        int first = ring.una & ring.mask;
        if (ring.una != ring.nxt) {
            resend(first, lists.listOf(first), nowNs);
        }
        for (int left = lists.occupied(); left != 0; left &= left - 1) {
            int list = Integer.numberOfTrailingZeros(left);
            int head = lists.head(list);
            // What is sent again goes to the end of a list with the present time, so that this ends.
            while (head != TransmissionLists.NONE && resend(head, list, nowNs)) {
                head = lists.head(list);
            }
        }
        if (probeDeadlineNs() <= nowNs) {
            probed = true;
            stats.tailProbes++;
            int newest = newest();
            again(newest, lists.listOf(newest));
        }
    }

    /** Sends it again if it is lost. */
    private boolean resend(int index, int list, long nowNs) {
        int level = list & LEVELS - 1;
        long sentNs = ring.sentNs[index];
        if (nowNs - sentNs >= timeoutNs(level)) {
            stats.timeoutRetransmits++;
            congestion.onTimeout(ring.inFlight(), rtt.smoothedNs(), nowNs);
            again(index, list & TIMEOUT_ONLY | Math.min(level + 1, LEVELS - 1));
            return true;
        }
        if (list >= TIMEOUT_ONLY || nowNs < lostNs(index)) {
            return false;
        }
        if (skipped(index)) {
            stats.fastRetransmits++;
        } else {
            stats.timeBasedRetransmits++;
        }
        congestion.onLoss(ring.inFlight(), rtt.smoothedNs(), nowNs);
        boolean usedUp = rules.fastLimit() > 0 && ring.transmissions[index] >= rules.fastLimit();
        again(index, usedUp ? level | TIMEOUT_ONLY : level);
        return true;
    }

    private void again(int index, int list) {
        int number = ring.una + (index - ring.una & ring.mask);
        lists.remove(index);
        lists.append(index, list);
        transmitter.transmit(number);
        copies.plan(number, ring.transmissions[index], ring.inFlight(), transmitter.nowNs());
        lastEventNs = transmitter.nowNs();
    }

    /** When the head of a list counts as lost by what has been acknowledged so far, or {@link #NEVER}. */
    private long lostNs(int index) {
        if (!anyAcknowledged || !Serial.before(ring.order[index], latestOrder)) {
            return NEVER;
        }
        if (skipped(index)) {
            return ring.sentNs[index] + latestRttNs + reordering.seenNs();
        }
        return rules.timeBased() && ring.sentNs[index] < latestSentNs
                ? ring.sentNs[index] + latestRttNs + reordering.windowNs()
                : NEVER;
    }

    private boolean skipped(int index) {
        return highestCount > 0
                && highestCount == highest.length
                && Serial.before(ring.order[index], highest[highestCount - 1]);
    }

    private long timeoutNs(int level) {
        return Math.min(maxRtoNs, (long) (rtt.rtoNs() * factors[level]));
    }

    @Override
    public long deadlineNs() {
        long first = probeDeadlineNs();
        for (int left = lists.occupied(); left != 0; left &= left - 1) {
            int list = Integer.numberOfTrailingZeros(left);
            int head = lists.head(list);
            first = Math.min(first, ring.sentNs[head] + timeoutNs(list & LEVELS - 1));
            if (list < TIMEOUT_ONLY) {
                first = Math.min(first, lostNs(head));
            }
        }
        return first;
    }

    /** A margin after the last event, if that is before the timeout of what would be probed. */
    private long probeDeadlineNs() {
        if (!rules.tailProbe() || probed || lists.occupied() == 0 || !rtt.measured()) {
            return NEVER;
        }
        long waitNs = rtt.smoothedNs() + Math.max(guardNs, 4 * rtt.variationNs());
        return waitNs < rtt.rtoNs() ? lastEventNs + waitNs : NEVER;
    }

    private int newest() {
        int newest = TransmissionLists.NONE;
        for (int left = lists.occupied(); left != 0; left &= left - 1) {
            int tail = lists.tail(Integer.numberOfTrailingZeros(left));
            if (newest == TransmissionLists.NONE || Serial.after(ring.order[tail], ring.order[newest])) {
                newest = tail;
            }
        }
        return newest;
    }
}
