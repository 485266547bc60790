package io.fairlead.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real datagrams through real namespaces meet the conditions that were asked for. */
@NeedsNetworks
@Timeout(60)
class BadNetworkTest {
    private static final long SEED = 11;
    private static final int COUNT = 2000;
    private static final int BYTES = 200;
    private static final Duration DELAY = Duration.ofMillis(20);
    private static final LinkConditions PERFECT = LinkConditions.PERFECT;
    private static final LinkConditions DELAYED = PERFECT.withDelay(DELAY);

    private static BadNetwork network;
    private Datagrams datagrams;

    @BeforeAll
    static void open() throws IOException {
        network = BadNetwork.open(PERFECT, SEED);
    }

    @AfterAll
    static void close() throws IOException {
        network.close();
    }

    @BeforeEach
    void connect() throws Exception {
        datagrams = Datagrams.fromAToB(network);
    }

    @AfterEach
    void nothingWasLostByTheEmulator() throws IOException {
        datagrams.close();
        NetworkCounters counters = network.counters();
        for (LinkCounters link : List.of(counters.aToB(), counters.bToA())) {
            assertThat(link.overrun()).isZero();
            assertThat(link.packetsIn() + link.duplicated() - link.lost() - link.queueDropped())
                    .isEqualTo(link.packetsOut() + link.inFlight());
        }
    }

    private List<Datagrams.Arrival> sendUnder(LinkConditions conditions) throws IOException {
        network.change(conditions, PERFECT);
        return datagrams.send(COUNT, BYTES, Duration.ZERO);
    }

    private static double medianMs(List<Datagrams.Arrival> arrivals) {
        return arrivals.stream()
                        .mapToLong(Datagrams.Arrival::delayNs)
                        .sorted()
                        .skip(arrivals.size() / 2)
                        .findFirst()
                        .orElseThrow()
                / 1e6;
    }

    @Test
    void aPacketIsDelayedAsAsked() throws IOException {
        network.change(DELAYED, PERFECT);
        List<Datagrams.Arrival> arrivals = datagrams.send(500, BYTES, Duration.ofMillis(1));
        assertThat(arrivals).hasSize(500).allMatch(arrival -> arrival.delayNs() >= DELAY.toNanos());
        assertThat(medianMs(arrivals)).isCloseTo(20, within(1.0));
        assertThat(Datagrams.areInOrder(arrivals)).isTrue();
    }

    @Test
    void theDirectionsAreIndependent() throws Exception {
        network.change(PERFECT.withLoss(1), DELAYED);
        assertThat(datagrams.send(10, BYTES, Duration.ZERO)).isEmpty();
        try (Datagrams back = Datagrams.fromBToAOverIpv6(network)) {
            List<Datagrams.Arrival> arrivals = back.send(10, BYTES, Duration.ZERO);
            assertThat(arrivals).hasSize(10).allMatch(arrival -> arrival.delayNs() >= DELAY.toNanos());
        }
    }

    @Test
    void jitterSpreadsTheDelayAndKeepsTheOrderUnlessToldOtherwise() throws IOException {
        network.change(DELAYED.withJitter(Duration.ofMillis(10)), PERFECT);
        assertThat(Datagrams.areInOrder(datagrams.send(500, BYTES, Duration.ofMillis(1))))
                .isTrue();
        network.change(DELAYED.withOvertakingJitter(Duration.ofMillis(10)), PERFECT);
        long reordered = network.counters().aToB().reordered();
        List<Datagrams.Arrival> free = datagrams.send(500, BYTES, Duration.ofMillis(1));
        assertThat(free).hasSize(500).allMatch(arrival -> arrival.delayNs() >= 10_000_000);
        assertThat(free.stream().filter(arrival -> arrival.delayNs() < DELAY.toNanos()))
                .hasSizeBetween(150, 300);
        assertThat(network.counters().aToB().reordered() - reordered).isGreaterThan(100);
    }

    @Test
    void latePacketsAreOvertaken() throws IOException {
        long before = network.counters().aToB().reordered();
        List<Datagrams.Arrival> arrivals = sendUnder(DELAYED.withLate(0.05, Duration.ofMillis(500)));
        assertThat(arrivals).hasSize(COUNT);
        assertThat(Datagrams.areInOrder(arrivals)).isFalse();
        assertThat(network.counters().aToB().reordered() - before).isBetween(50L, 150L);
    }

    @Test
    void randomLossIsAsOftenAsAsked() throws IOException {
        // Five standard deviations.
        assertThat(COUNT - sendUnder(PERFECT.withLoss(0.1)).size()).isBetween(200 - 67, 200 + 67);
    }

    @Test
    void burstsLoseNeighbours() throws IOException {
        TreeSet<Integer> missing = Datagrams.missing(sendUnder(PERFECT.withLoss(Loss.bursts(0.1, 8))), COUNT);
        long bursts =
                missing.stream().filter(packet -> !missing.contains(packet - 1)).count();
        assertThat(missing).hasSizeBetween(80, 400);
        assertThat((double) missing.size() / bursts).isBetween(4.0, 13.0);
    }

    @Test
    void duplicatesArriveTwice() throws IOException {
        List<Datagrams.Arrival> arrivals = sendUnder(PERFECT.withDuplicates(0.1));
        assertThat(Datagrams.missing(arrivals, COUNT)).isEmpty();
        assertThat(arrivals).hasSizeBetween(COUNT + 200 - 67, COUNT + 200 + 67);
    }

    @Test
    void theBottleneckLimitsTheRateAndItsQueueDrops() throws IOException {
        int bytes = 1000 - Datagrams.HEADERS_BYTES;
        network.change(PERFECT.withBandwidth(8_000_000, 100_000), PERFECT);
        long dropped = network.counters().aToB().queueDropped();
        List<Datagrams.Arrival> arrivals = datagrams.send(400, bytes, Duration.ZERO);
        assertThat(network.counters().aToB().queueDropped() - dropped).isEqualTo(400 - arrivals.size());
        // The queue holds 100 packets; few leave it while 400 come.
        assertThat(arrivals).hasSizeBetween(100, 250);
        double seconds = (arrivals.getLast().atNs() - arrivals.getFirst().atNs()) / 1e9;
        assertThat((arrivals.size() - 1) / seconds).isCloseTo(1000, within(50.0));
    }

    @Test
    void wireBytesAreCounted() throws IOException {
        LinkCounters before = network.counters().aToB();
        network.change(PERFECT.withLoss(0.5), PERFECT);
        List<Datagrams.Arrival> arrivals = datagrams.send(100, BYTES, Duration.ZERO);
        LinkCounters after = network.counters().aToB();
        int packetBytes = BYTES + Datagrams.HEADERS_BYTES;
        assertThat(after.packetsIn() - before.packetsIn()).isEqualTo(100);
        assertThat(after.bytesIn() - before.bytesIn()).isEqualTo(100L * packetBytes);
        assertThat(after.lost() - before.lost()).isEqualTo(100 - arrivals.size());
        assertThat(after.bytesOut() - before.bytesOut()).isEqualTo((long) arrivals.size() * packetBytes);
    }

    @Test
    void theSameSeedLosesTheSamePackets() throws Exception {
        LinkConditions conditions = PERFECT.withLoss(Loss.bursts(0.1, 3)).withDuplicates(0.05);
        List<List<Integer>> arrived = new ArrayList<>();
        for (long seed : new long[] {5, 5, 6}) {
            try (BadNetwork fresh = BadNetwork.open(conditions, seed);
                    Datagrams through = Datagrams.fromAToB(fresh)) {
                arrived.add(through.send(COUNT, BYTES, Duration.ZERO).stream()
                        .map(Datagrams.Arrival::number)
                        .toList());
            }
        }
        assertThat(arrived.get(1)).isEqualTo(arrived.get(0));
        assertThat(new HashSet<>(arrived.get(2))).isNotEqualTo(new HashSet<>(arrived.get(0)));
    }

    @Test
    void programsRunInTheirEnd() throws IOException {
        Process process = network.b().command(List.of("ip", "-o", "addr")).start();
        String addresses = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(addresses)
                .contains(network.b().address().getHostAddress())
                .doesNotContain(network.a().address().getHostAddress());
    }
}
