package io.fairlead.transport.kcp.protocol;

/** Writes the segments of a {@link SendRing} into datagrams, with what each header tells of this end as of one flush. */
final class Transmitter {
    private static final long NS_PER_MS = 1_000_000;

    private final SendRing ring;
    private final DatagramWriter writer;
    private final KcpStats stats;
    private final int stampOffset;
    private long nowNs;
    private int stamp;
    private int window;
    private int unacknowledged;
    private int order;

    /** @param stampOffset milliseconds added to the clock, so that tests come past the end of the 32 bits */
    Transmitter(SendRing ring, DatagramWriter writer, KcpStats stats, int stampOffset) {
        this.ring = ring;
        this.writer = writer;
        this.stats = stats;
        this.stampOffset = stampOffset;
    }

    /** What the headers of this flush say. */
    void begin(long itsNowNs, int itsWindow, int itsUnacknowledged) {
        nowNs = itsNowNs;
        stamp = stampAt(itsNowNs);
        window = itsWindow;
        unacknowledged = itsUnacknowledged;
    }

    int stampAt(long atNs) {
        return (int) (atNs / NS_PER_MS) + stampOffset;
    }

    long nowNs() {
        return nowNs;
    }

    /** Sends a segment, for the first time or again, as its latest transmission. */
    void transmit(int number) {
        int index = number & ring.mask;
        ring.noteTransmission(index, stamp, nowNs, ++order);
        write(number, index, stamp);
    }

    void transmitFirst(int number) {
        int index = number & ring.mask;
        stats.segmentsOut++;
        stats.payloadBytesOut += ring.length[index];
        transmit(number);
    }

    /** Sends the latest transmission once more; the stamp stays, so that either's acknowledgement is good for it. */
    void copy(int number) {
        int index = number & ring.mask;
        stats.copies++;
        write(number, index, ring.latestStamp(index));
    }

    void acknowledgement(int number, int echoedStamp) {
        stats.acksOut++;
        writer.control(SegmentHeader.kind(SegmentHeader.ACK, 0, window), echoedStamp, number, unacknowledged);
    }

    void windowAsk() {
        stats.windowAsks++;
        writer.control(SegmentHeader.kind(SegmentHeader.WINDOW_ASK, 0, window), 0, 0, unacknowledged);
    }

    void windowTell() {
        stats.windowTells++;
        writer.control(SegmentHeader.kind(SegmentHeader.WINDOW_TELL, 0, window), 0, 0, unacknowledged);
    }

    void submit() {
        writer.submit();
    }

    private void write(int number, int index, int itsStamp) {
        int slot = ring.slot[index];
        int kind = SegmentHeader.kind(SegmentHeader.PUSH, ring.fragment[index] & 0xff, window);
        writer.data(
                kind,
                itsStamp,
                number,
                unacknowledged,
                ring.pool.block(slot),
                ring.pool.offset(slot),
                ring.length[index]);
    }
}
