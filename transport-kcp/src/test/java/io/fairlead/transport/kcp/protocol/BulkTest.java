package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Small segments over a long path, with tens of thousands in flight and a little loss: the case in which implementations with
 * lists collapse within seconds (kcp-go, issue 338).
 */
class BulkTest {
    private static final int WINDOW = 20_000;
    private static final long RTT_MS = 180;
    private static final long RUN_NS = 3_000_000_000L;
    private static final int SEGMENT_BYTES = 180 - SegmentHeader.BYTES;

    private final Simulation simulation = new Simulation(0);
    private final SimulatedEnd[] ends = new SimulatedEnd[2];
    private long received;

    @Test
    void aFullWindowOfSmallSegmentsKeepsItsRateInSpiteOfLoss() {
        KcpConfig config = KcpPresets.BULK
                .with(SegmentLimits.DEFAULT.withMtu(180))
                .with(Windows.DEFAULT.withSegments(WINDOW, WINDOW).withPeerSegments(WINDOW))
                .with(new SendQueue(2 * WINDOW, WINDOW, SendQueue.WhenFull.BLOCK, SendQueue.DEFAULT.stalledAfter()));
        LinkModel link = LinkModel.delay(RTT_MS / 2).withLoss(0.001);
        SplittableRandom random = new SplittableRandom(1);
        SimulatedLink[] links = new SimulatedLink[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            links[i] = new SimulatedLink(simulation, link, random.split(), datagram -> ends[other].arrived(datagram));
            Receiver receiver = (bytes, offset, length, left) -> {
                received += length;
                return length;
            };
            SlotPool pool = new SlotPool(config.segments().slotBytes(), 4 * WINDOW);
            ends[i] = new SimulatedEnd(simulation, new Kcp(1, config, pool, links[i], receiver, 0), true);
        }
        ends[0].afterInput = this::fill;
        simulation.at(0, () -> {
            fill();
            ends[0].turned();
        });
        simulation.run(RUN_NS);

        // With twenty losses in each window, one is nearly always near its beginning, and until it is repaired, a round
        // trip
        // later, the window does not move: half of the window for each round trip is what can be had.
        long wanted = WINDOW * (RUN_NS / 1_000_000 - RTT_MS) / (2 * RTT_MS) * SEGMENT_BYTES;
        KcpStats stats = ends[0].kcp.stats();
        assertThat(received).isGreaterThan(wanted);
        // A thousandth is lost, and of the acknowledgements, which the following ones cover, as many.
        assertThat((double) stats.retransmits() / stats.segmentsOut()).isBetween(0.0005, 0.003);
    }

    private void fill() {
        MemorySegment source = MemorySegment.ofArray(new byte[SEGMENT_BYTES * 64]);
        int taken = (int) source.byteSize();
        while (ends[0].kcp.writable() && taken == source.byteSize()) {
            taken = ends[0].kcp.send(source, 0, (int) source.byteSize());
        }
    }
}
