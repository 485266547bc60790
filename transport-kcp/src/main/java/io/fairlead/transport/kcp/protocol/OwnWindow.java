package io.fairlead.transport.kcp.protocol;

/**
 * What the peer is told of our window. Once told that it is closed, the peer hears of an opening only when that is worth a
 * datagram (silly window avoidance, RFC 1122, 4.2.3.3), and hears it again until data come, since the telling may be lost.
 */
final class OwnWindow {
    private static final int WORTH_SEGMENTS = 8;
    private static final int MOST_TELLS = 6;
    private static final long REPEAT_NS = 200_000_000;

    private final ReceiveRing ring;
    private final int worth;
    private final int mostTells;
    private boolean closed;
    private int tellsLeft;
    private boolean asked;
    private long tellNs = Recovery.NEVER;
    private long pauseNs;

    OwnWindow(ReceiveRing ring, Windows config) {
        this.ring = ring;
        this.worth = config.avoidSilly() ? Math.clamp(config.receiveSegments() / 2, 1, WORTH_SEGMENTS) : 1;
        this.mostTells = config.avoidSilly() ? MOST_TELLS : 1;
    }

    /** Of the segments of the flush that begins. */
    int toTell() {
        int free = ring.freeWindow();
        if (free == 0) {
            closed = true;
            tellsLeft = 0;
            tellNs = Recovery.NEVER;
        }
        return closed && !worthTelling(free) ? 0 : free;
    }

    /** The receiver has taken something, so that there may be news. */
    void onTaken(long nowNs) {
        if (closed && worthTelling(ring.freeWindow())) {
            closed = false;
            tellsLeft = mostTells;
            tellNs = nowNs;
            pauseNs = REPEAT_NS;
        }
    }

    /** A message whose end is missing is never taken, so that waiting for more room would be for ever. */
    private boolean worthTelling(int free) {
        return free >= worth || free > 0 && ring.headIncomplete();
    }

    void onAsked() {
        asked = true;
    }

    /** Data came, so the peer knows. */
    void onData() {
        tellsLeft = 0;
        tellNs = Recovery.NEVER;
    }

    long deadlineNs() {
        return asked ? Long.MIN_VALUE : tellNs;
    }

    /** Whether to tell now; the caller does. */
    boolean tell(long nowNs) {
        boolean due = tellsLeft > 0 && tellNs <= nowNs;
        if (due) {
            tellsLeft--;
            tellNs = tellsLeft > 0 ? nowNs + pauseNs : Recovery.NEVER;
            pauseNs *= 2;
        }
        boolean tell = due || asked;
        asked = false;
        return tell;
    }
}
