package io.fairlead.transport.kcp.protocol;

/**
 * Retransmissions that are to be sent once more in another datagram. Where losses come in bursts, the copy keeps more than half a
 * round trip of distance. All wait about equally long, so a plain queue does.
 */
final class Copies {
    private static final int MOST = 4;

    private final SendRing ring;
    private final Transmitter transmitter;
    private final LossEstimate loss;
    private final RttEstimator rtt;
    private final int atFirst;
    private final long delayNs;
    private final int mostInFlight;
    private final int mask;
    private final int[] numbers;
    private final int[] transmissions;
    private final int[] left;
    private final long[] dueNs;
    private int head;
    private int tail;

    Copies(SendRing ring, Transmitter transmitter, LossEstimate loss, RttEstimator rtt, LossRecovery rules) {
        this.ring = ring;
        this.transmitter = transmitter;
        this.loss = loss;
        this.rtt = rtt;
        atFirst = rules.copies() - 1;
        delayNs = rules.copyDelay().toNanos();
        mostInFlight = rules.copyInFlight();
        int capacity = mostInFlight == 0 ? 1 : Integer.highestOneBit(Math.max(1, Math.min(mostInFlight, 512))) * 2;
        mask = capacity - 1;
        numbers = new int[capacity];
        transmissions = new int[capacity];
        left = new int[capacity];
        dueNs = new long[capacity];
    }

    void plan(int number, int transmission, int inFlight, long nowNs) {
        // Where one retransmission was lost already, one more each time: rare, and what waits has waited long.
        int wanted = Math.min(MOST, atFirst + transmission - 2);
        if (wanted > 0 && inFlight <= mostInFlight) {
            add(number, transmission, wanted, nowNs);
        }
    }

    private void add(int number, int transmission, int copies, long nowNs) {
        if (tail - head > mask) {
            return; // a copy is a luxury
        }
        int at = tail++ & mask;
        numbers[at] = number;
        transmissions[at] = transmission;
        left[at] = copies;
        dueNs[at] = nowNs + (loss.inBursts() ? Math.max(delayNs, rtt.smoothedNs() * 5 / 8) : delayNs);
    }

    /** Sends those that are due and still of use. @return whether there were any */
    boolean send(long nowNs) {
        boolean sent = false;
        for (int count = tail - head; count > 0 && dueNs[head & mask] <= nowNs; count--) {
            int at = head++ & mask;
            int number = numbers[at];
            if (ring.outstanding(number) && ring.transmissions[number & ring.mask] == transmissions[at]) {
                transmitter.copy(number);
                sent = true;
                if (left[at] > 1) {
                    add(number, transmissions[at], left[at] - 1, nowNs);
                }
            }
        }
        return sent;
    }

    boolean atOnce() {
        return delayNs == 0;
    }

    long deadlineNs() {
        return head == tail ? Recovery.NEVER : dueNs[head & mask];
    }
}
