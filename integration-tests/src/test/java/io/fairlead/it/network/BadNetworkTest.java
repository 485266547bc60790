package io.fairlead.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
                .hasSizeBetween(100, 300);
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
        network.change(PERFECT.withLoss(Loss.bursts(0.1, 8)), PERFECT);
        int count = 3 * COUNT;
        TreeSet<Integer> missing = Datagrams.missing(datagrams.send(count, BYTES, Duration.ofNanos(50_000)), count);
        long bursts =
                missing.stream().filter(packet -> !missing.contains(packet - 1)).count();
        // Four standard deviations, which are wide for so few bursts.
        assertThat(missing).hasSizeBetween(200, 1000);
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
        network.change(PERFECT.withBandwidth(8_000_000, 300_000), PERFECT);
        long dropped = network.counters().aToB().queueDropped();
        List<Datagrams.Arrival> arrivals = datagrams.send(COUNT, bytes, Duration.ZERO);
        assertThat(network.counters().aToB().queueDropped() - dropped).isEqualTo(COUNT - arrivals.size());
        // The queue holds 300 packets; few leave it while the others come.
        assertThat(arrivals).hasSizeBetween(300, 1000);
        double seconds = (arrivals.getLast().atNs() - arrivals.getFirst().atNs()) / 1e9;
        assertThat((arrivals.size() - 1) / seconds).isCloseTo(1000, within(100.0));
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
        assertThat(printed(network.b(), "ip", "-o", "addr"))
                .contains(network.b().address().getHostAddress())
                .doesNotContain(network.a().address().getHostAddress());
    }

    @Test
    void threadsStartedInAnEndStayInIt() throws Exception {
        InetAddress address = network.a().address();
        try (ExecutorService threads = network.a().call(BadNetworkTest::startedThread);
                DatagramChannel channel = threads.submit(() -> bind(address)).get()) {
            assertThat(channel.isOpen()).isTrue();
        }
        try (DatagramChannel outside = DatagramChannel.open()) {
            assertThatThrownBy(() -> outside.bind(new InetSocketAddress(address, 0)))
                    .isInstanceOf(BindException.class);
        }
    }

    private static ExecutorService startedThread() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        threads.prestartAllCoreThreads();
        return threads;
    }

    private static DatagramChannel bind(InetAddress address) throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(address, 0));
    }

    @Test
    void tcpLearnsNothingFromEarlierConnections() throws IOException {
        assertThat(printed(network.a(), "cat", "/proc/sys/net/ipv4/tcp_no_metrics_save"))
                .isEqualToIgnoringNewLines("1");
    }

    private static String printed(NetworkEnd end, String... command) throws IOException {
        Process process = end.command(List.of(command)).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
