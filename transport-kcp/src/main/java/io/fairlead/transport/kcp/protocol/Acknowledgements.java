package io.fairlead.transport.kcp.protocol;

import java.util.Arrays;

/** The acknowledgements that are owed to the peer, and when they are due. Bounded: when full, they are due at once. */
final class Acknowledgements {
    private static final int FIRST_CAPACITY = 64;
    private static final int CAPACITY = 2048;

    private final AckPolicy policy;
    private final AckRepeat repeat;
    private final boolean legacy;
    private final long tickNs;
    private final int fullDatagram;
    private int[] numbers = new int[FIRST_CAPACITY];
    private int[] stamps = new int[FIRST_CAPACITY];
    private int count;
    private long deadlineNs = Recovery.NEVER;

    Acknowledgements(KcpConfig config, AckRepeat repeat) {
        this.repeat = repeat;
        policy = config.acks();
        legacy = config.recovery().rules() == LossRecovery.Rules.IKCP
                || config.recovery().rules() == LossRecovery.Rules.IKCP_CONSERVE;
        tickNs = config.timing().tick().toNanos();
        fullDatagram = config.segments().mtuBytes() / SegmentHeader.BYTES;
    }

    /** @param urgent the sender is waiting for this one */
    void add(int number, int stamp, boolean urgent, long nowNs) {
        if (count == numbers.length) {
            if (count == CAPACITY) {
                return; // long due; the peer will ask again
            }
            numbers = Arrays.copyOf(numbers, 2 * count);
            stamps = Arrays.copyOf(stamps, 2 * count);
        }
        numbers[count] = number;
        stamps[count] = stamp;
        count++;
        boolean now = policy.immediate()
                || urgent && policy.immediateOnDisorder()
                || count == CAPACITY
                || !legacy && count >= fullDatagram;
        deadlineNs = Math.min(deadlineNs, now ? nowNs : nowNs + tickNs);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** When they must go without company, or {@link Recovery#NEVER}. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** Writes those that still tell something. @param next all before it is covered by every header */
    void write(Transmitter transmitter, int next) {
        repeat.cancel();
        int latest = 0;
        for (int i = 1; i < count; i++) {
            if (!Serial.before(stamps[i], stamps[latest])) {
                latest = i;
            }
        }
        for (int i = 0; i < count; i++) {
            if (!policy.filter() || i == latest || !Serial.before(numbers[i], next)) {
                transmitter.acknowledgement(numbers[i], stamps[i]);
                repeat.plan(numbers[i], stamps[i], transmitter.nowNs());
            }
        }
        count = 0;
        deadlineNs = Recovery.NEVER;
    }
}
