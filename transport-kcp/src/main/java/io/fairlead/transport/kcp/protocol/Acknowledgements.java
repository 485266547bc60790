package io.fairlead.transport.kcp.protocol;

import java.util.Arrays;

/** The acknowledgements that are owed to the peer, and when they are due. Bounded: when full, they are due at once. */
final class Acknowledgements {
    private static final int FIRST_CAPACITY = 64;
    private static final int CAPACITY = 2048;

    /** To send a smaller segment again for nothing costs hardly more than to acknowledge it twice. */
    private static final int REPEATED_BYTES = 256;

    private final AckPolicy policy;
    private final AckRepeat repeat;
    private final boolean legacy;
    private final long tickNs;
    private final int fullDatagram;
    private int[] numbers = new int[FIRST_CAPACITY];
    private int[] stamps = new int[FIRST_CAPACITY];
    private int count;
    private int largestBytes;
    private long deadlineNs = Recovery.NEVER;

    Acknowledgements(KcpConfig config, AckRepeat repeat) {
        this.repeat = repeat;
        policy = config.acks();
        legacy = config.recovery().rules() == LossRecovery.Rules.IKCP
                || config.recovery().rules() == LossRecovery.Rules.IKCP_CONSERVE;
        tickNs = config.timing().tick().toNanos();
        fullDatagram = config.segments().mtuBytes() / SegmentHeader.BYTES;
    }

    /**
     * @param bytes of the segment
     * @param urgent the sender is waiting for this one
     */
    void add(int number, int stamp, int bytes, boolean urgent, long nowNs) {
        largestBytes = Math.max(largestBytes, bytes);
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
        boolean repeated = largestBytes >= REPEATED_BYTES || repeat.deadlineNs() != Recovery.NEVER;
        largestBytes = 0;
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
                if (repeated) {
                    repeat.plan(numbers[i], stamps[i], transmitter.nowNs());
                }
            }
        }
        count = 0;
        deadlineNs = Recovery.NEVER;
    }
}
