package io.fairlead.transport.kcp.protocol;

/**
 * The part of segments whose first transmission was in vain, of late, and whether losses come in bursts: what is lost beside a
 * lost datagram tells whether it helps to say something twice in a row.
 */
final class LossEstimate {
    private static final double GAIN = 1.0 / 128;
    private static final double BURST_GAIN = 1.0 / 32;

    /** From here on, segments sent again since their acknowledgement was lost cost more than bare repetitions of those. */
    private static final double WORTH_REPEATING = 0.02;

    /** Losses by chance are not likelier after a loss than elsewhere; with bursts of three, several times likelier. */
    private static final double BURSTS_TIMES = 1.3;

    private static final double BURSTS_ABOVE = 0.05;

    private double rate;
    private double afterLoss;
    private boolean lastLost;

    /** Of one segment, in about the order of sending. */
    void outcome(boolean lost) {
        double value = lost ? 1 : 0;
        rate += (value - rate) * GAIN;
        if (lastLost) {
            afterLoss += (value - afterLoss) * BURST_GAIN;
        }
        lastLost = lost;
    }

    double rate() {
        return rate;
    }

    boolean inBursts() {
        return afterLoss > BURSTS_ABOVE + BURSTS_TIMES * rate;
    }

    boolean isWorthRepeating() {
        return rate > WORTH_REPEATING && !inBursts();
    }
}
