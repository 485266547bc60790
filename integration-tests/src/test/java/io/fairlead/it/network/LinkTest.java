package io.fairlead.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One direction under a virtual clock. */
class LinkTest {
    private static final int PACKETS = 20_000;
    private static final int BYTES = 1000;
    private static final long SEED = 7;
    private static final long GAP_NS = 100_000;

    private record Arrival(int packet, long delayNs) {}

    /** Sends packets through a link, one each gap; a slot of the pool for each, so that a slot tells its packet. */
    private static final class Passage {
        final List<Arrival> arrivals = new ArrayList<>();
        final PacketPool pool = new PacketPool(Arena.ofAuto(), 64, PACKETS);
        final Link link;
        final long gapNs;

        Passage(LinkConditions conditions, long seed, long gapNs) {
            this.gapNs = gapNs;
            link = new Link(Chance.ofDirection(seed, 0), pool, conditions);
            int[] slots = IntStream.range(0, PACKETS).map(packet -> pool.take()).toArray();
            for (int packet = 0; packet < PACKETS; packet++) {
                deliverUntil(packet * gapNs);
                assertThat(slots[packet]).isEqualTo(packet);
                pool.lengthBytes(packet, BYTES);
                link.arrive(packet * gapNs, packet);
            }
            deliverUntil(Long.MAX_VALUE);
        }

        private void deliverUntil(long nowNs) {
            while (!link.isEmpty() && link.nextDueNs() <= nowNs) {
                long dueNs = link.nextDueNs();
                int packet = link.takeDue(dueNs);
                arrivals.add(new Arrival(packet, dueNs - packet * gapNs));
                link.delivered(BYTES);
                pool.release(packet);
            }
        }

        LinkCounters counters() {
            return link.counters();
        }

        TreeSet<Integer> missing() {
            Set<Integer> arrived = arrivals.stream().map(Arrival::packet).collect(Collectors.toSet());
            return IntStream.range(0, PACKETS)
                    .filter(packet -> !arrived.contains(packet))
                    .boxed()
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        boolean isInOrder() {
            return IntStream.range(1, arrivals.size())
                    .allMatch(i -> arrivals.get(i - 1).packet <= arrivals.get(i).packet);
        }
    }

    private static Passage pass(LinkConditions conditions) {
        return new Passage(conditions, SEED, GAP_NS);
    }

    @Test
    void aPerfectLinkCarriesEverythingAtOnce() {
        Passage passage = pass(LinkConditions.PERFECT);
        assertThat(passage.arrivals).hasSize(PACKETS).allMatch(arrival -> arrival.delayNs == 0);
        assertThat(passage.counters())
                .isEqualTo(new LinkCounters(
                        PACKETS, PACKETS * (long) BYTES, PACKETS, PACKETS * (long) BYTES, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void jitterKeepsTheOrderUnlessOvertakingIsWanted() {
        LinkConditions delayed = LinkConditions.PERFECT.withDelay(Duration.ofMillis(20));
        Passage ordered = pass(delayed.withJitter(Duration.ofMillis(5)));
        assertThat(ordered.isInOrder()).isTrue();
        assertThat(ordered.counters().reordered()).isZero();

        Passage free = pass(delayed.withOvertakingJitter(Duration.ofMillis(5)));
        assertThat(free.counters().reordered()).isGreaterThan(PACKETS / 2);
        assertThat(free.arrivals).allMatch(arrival -> arrival.delayNs >= 15_000_000 && arrival.delayNs <= 25_000_000);
        assertThat(free.arrivals.stream().mapToLong(Arrival::delayNs).average().orElseThrow())
                .isCloseTo(20e6, within(100e3));
    }

    @Test
    void lossIsRandomAndAsOftenAsAsked() {
        Passage passage = pass(LinkConditions.PERFECT.withLoss(0.05));
        // Five standard deviations of a binomial distribution.
        assertThat(passage.counters().lost()).isCloseTo(1000, within(154L));
        assertThat(burstLength(passage.missing())).isCloseTo(1 / 0.95, within(0.05));
    }

    @Test
    void burstsAreAsLongAndAsOftenAsAsked() {
        Passage passage = pass(LinkConditions.PERFECT.withLoss(Loss.bursts(0.04, 5)));
        assertThat(passage.counters().lost()).isCloseTo(800, within(250L));
        assertThat(burstLength(passage.missing())).isCloseTo(5, within(1.5));
    }

    private static double burstLength(TreeSet<Integer> missing) {
        long bursts =
                missing.stream().filter(packet -> !missing.contains(packet - 1)).count();
        return (double) missing.size() / bursts;
    }

    @Test
    void latePacketsAreOvertakenByTheOthersOnly() {
        Passage passage = pass(LinkConditions.PERFECT.withLate(0.02, Duration.ofMillis(3)));
        long late = passage.arrivals.stream()
                .filter(arrival -> arrival.delayNs == 3_000_000)
                .count();
        assertThat(late).isCloseTo(400, within(100L));
        assertThat(passage.counters().reordered()).isEqualTo(late);
        assertThat(passage.arrivals.stream().filter(arrival -> arrival.delayNs == 0))
                .hasSize(PACKETS - (int) late);
    }

    @Test
    void duplicatesArriveTwiceAndFreeTheirMemory() {
        Passage passage = pass(LinkConditions.PERFECT.withDuplicates(0.1));
        LinkCounters counters = passage.counters();
        assertThat(counters.duplicated()).isCloseTo(2000, within(212L));
        assertThat(counters.packetsOut()).isEqualTo(PACKETS + counters.duplicated());
        assertThat(counters.reordered()).isZero();
        assertThat(IntStream.range(0, PACKETS).map(i -> passage.pool.take())).doesNotContain(PacketPool.NONE);
    }

    @Test
    void theBottleneckSpacesPacketsAndItsQueueIsFinite() {
        // 1000 bytes each 100 us are 80 Mbit/s; half of it passes, and 20 packets wait 200 us each.
        Passage passage = pass(LinkConditions.PERFECT.withBandwidth(40_000_000, 20 * BYTES));
        LinkCounters counters = passage.counters();
        assertThat(counters.queueDropped()).isCloseTo(PACKETS / 2, within(20L));
        assertThat(counters.packetsOut()).isEqualTo(PACKETS - counters.queueDropped());
        assertThat(passage.arrivals.getFirst().delayNs).isEqualTo(200_000);
        assertThat(passage.arrivals.getLast().delayNs).isBetween(3_800_000L, 4_000_000L);
    }

    @Test
    void theFateOfAPacketDependsOnSeedAndNumberOnly() {
        for (Loss loss : List.of(Loss.random(0.1), Loss.bursts(0.1, 3))) {
            LinkConditions conditions = LinkConditions.PERFECT.withLoss(loss);
            TreeSet<Integer> missing = pass(conditions).missing();
            Passage otherTimes = new Passage(
                    conditions
                            .withDelay(Duration.ofMillis(9))
                            .withOvertakingJitter(Duration.ofMillis(9))
                            .withDuplicates(0.5)
                            .withLate(0.5, Duration.ofMillis(1)),
                    SEED,
                    3 * GAP_NS);
            assertThat(otherTimes.missing()).isEqualTo(missing);
            assertThat(new Passage(conditions, SEED + 1, GAP_NS).missing()).isNotEqualTo(missing);
        }
    }

    @Test
    void changedConditionsHoldForThePacketsToCome() {
        PacketPool pool = new PacketPool(Arena.ofAuto(), 64, 2);
        Link link = new Link(Chance.ofDirection(SEED, 0), pool, LinkConditions.PERFECT.withDelay(Duration.ofNanos(50)));
        link.arrive(0, pool.take());
        link.change(LinkConditions.PERFECT.withLoss(1));
        link.arrive(10, pool.take());
        assertThat(link.counters().lost()).isEqualTo(1);
        assertThat(link.nextDueNs()).isEqualTo(50);
    }
}
