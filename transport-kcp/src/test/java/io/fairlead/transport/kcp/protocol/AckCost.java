package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Measures what an acknowledgement costs, with its datagram and the flush after it, by segments in flight: the first of them is
 * missing, and of those behind this gap the last eighth is acknowledged, one by one. Prints a Markdown table.
 */
final class AckCost {
    private static final int[] IN_FLIGHT = {128, 1024, 4096, 18_000, 65_535};
    private static final int ACKS = 400_000;
    private static final int REPEATS = 5;
    private static final int CONVERSATION = 1;

    private final MemorySegment buffer = MemorySegment.ofArray(new byte[1500]);
    private final MemorySegment ack = MemorySegment.ofArray(new byte[SegmentHeader.BYTES]);
    private final MemorySegment payload = MemorySegment.ofArray(new byte[16]);
    private final int inFlight;
    private final Kcp kcp;
    private long nowNs = 1_000_000_000L;
    private int first;

    private AckCost(int inFlight) {
        this.inFlight = inFlight;
        KcpConfig config = KcpPresets.NATIVE
                .with(SegmentLimits.DEFAULT.withMtu(50).withMaxPayload(32).withStream(false))
                .with(Windows.DEFAULT.withSegments(inFlight, 1024).withPeerSegments(inFlight))
                .with(new SendQueue(inFlight, 1, SendQueue.WhenFull.BLOCK, SendQueue.DEFAULT.stalledAfter()));
        SlotPool pool = new SlotPool(config.segments().slotBytes(), inFlight + 32);
        DatagramSink sink = new DatagramSink() {
            @Override
            public MemorySegment buffer() {
                return buffer;
            }

            @Override
            public void submit(MemorySegment from, int offset, int lengthBytes) {}
        };
        kcp = new Kcp(CONVERSATION, config, pool, sink, Receiver.PULLED, nowNs);
    }

    private void input(int command, int stamp, int number, int una) {
        SegmentHeader.write(
                ack, 0, CONVERSATION, SegmentHeader.kind(command, 0, Windows.MOST_SEGMENTS), stamp, number, una, 0);
        kcp.input(ack, 0, SegmentHeader.BYTES, nowNs);
    }

    private void acknowledge(int from, int to, int stamp) {
        for (int i = from; i < to; i++) {
            input(SegmentHeader.ACK, stamp, first + i, first);
            kcp.flush(nowNs);
        }
    }

    /** Fills the flight and empties it. @return nanoseconds for the last eighth */
    private long round() {
        for (int i = 0; i < inFlight; i++) {
            if (kcp.send(payload, 0, 16) != 16) {
                throw new IllegalStateException("refused at " + i);
            }
        }
        kcp.flush(nowNs);
        int stamp = (int) (nowNs / 1_000_000);
        nowNs += 40_000_000;
        acknowledge(1, inFlight - inFlight / 8, stamp);
        long start = System.nanoTime();
        acknowledge(inFlight - inFlight / 8, inFlight, stamp);
        long took = System.nanoTime() - start;
        first += inFlight;
        input(SegmentHeader.WINDOW_TELL, 0, 0, first);
        nowNs += 1_000_000;
        if (kcp.waitSend() != 0) {
            throw new IllegalStateException("left: " + kcp.waitSend());
        }
        return took;
    }

    private double nsPerAck() {
        int rounds = Math.max(4, ACKS / (inFlight / 8));
        long total = 0;
        for (int i = 0; i < rounds; i++) {
            total += round();
        }
        return (double) total / rounds / (inFlight / 8);
    }

    /** No arguments. */
    public static void main(String[] arguments) {
        double[] best = new double[IN_FLIGHT.length];
        for (int repeat = 0; repeat <= REPEATS; repeat++) {
            for (int i = 0; i < IN_FLIGHT.length; i++) {
                double ns = new AckCost(IN_FLIGHT[i]).nsPerAck();
                // The first repeat is for the compiler.
                best[i] = repeat <= 1 ? ns : Math.min(best[i], ns);
            }
        }
        System.out.println("| in flight | ns per acknowledgement | of the least |\n| --- | --- | --- |");
        double least = best[0];
        for (double each : best) {
            least = Math.min(least, each);
        }
        for (int i = 0; i < IN_FLIGHT.length; i++) {
            System.out.printf("| %d | %.0f | %.2f |%n", IN_FLIGHT[i], best[i], best[i] / least);
        }
    }
}
