package io.fairlead.transport.kcp.protocol;

/** The acknowledgements of one flush, to be said once more: {@link AckPolicy#repeatAfter()}. */
final class AckRepeat {
    private static final int MOST = 8;

    private final long afterNs;
    private final LossEstimate loss;
    private final int[] numbers = new int[MOST];
    private final int[] stamps = new int[MOST];
    private int count;
    private long dueNs = Recovery.NEVER;

    AckRepeat(AckPolicy policy, LossEstimate loss) {
        afterNs = policy.repeatAfter().toNanos();
        this.loss = loss;
    }

    /** Forgets what was to be repeated: it was said, or is old. */
    void cancel() {
        count = 0;
        dueNs = Recovery.NEVER;
    }

    /** Was just acknowledged. */
    void plan(int number, int stamp, long nowNs) {
        if (afterNs == 0 || !loss.isWorthRepeating() || count == MOST) {
            return;
        }
        numbers[count] = number;
        stamps[count] = stamp;
        count++;
        dueNs = nowNs + afterNs;
    }

    long deadlineNs() {
        return dueNs;
    }

    void write(Transmitter transmitter) {
        for (int i = 0; i < count; i++) {
            transmitter.acknowledgement(numbers[i], stamps[i]);
        }
        cancel();
    }
}
