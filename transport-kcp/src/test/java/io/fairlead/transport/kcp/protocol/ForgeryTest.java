package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Someone who knows addresses and conversation feeds both ends with datagrams of his own making: noise, headers with wild fields,
 * mutants of real datagrams, replays. Nothing throws, memory stays bounded, and as long as no forgery is a well-formed answer to what
 * is under way, the honest traffic goes on. {@code -Dfairlead.kcp.seed=4711} plays one case.
 */
class ForgeryTest {
    private static final int CASES_OF_A_BUILD = 1500;
    private static final int BYTES = 60_000;

    @Test
    void forgedDatagramsNeitherHarmNorStallTheHonestTraffic() {
        Long one = Long.getLong("fairlead.kcp.seed");
        for (long seed = one == null ? 0 : one; seed < (one == null ? CASES_OF_A_BUILD : one + 1); seed++) {
            try {
                new Case(seed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + "; replay with -Dfairlead.kcp.seed=" + seed, e);
            }
        }
    }

    private static final class Case {
        private final SplittableRandom random;
        private final Simulation simulation = new Simulation(1_000_000_000L);
        private final SimulatedEnd[] ends = new SimulatedEnd[2];
        private final SimulatedLink[] links = new SimulatedLink[2];
        private final SlotPool[] pools = new SlotPool[2];
        private final BytePattern pattern;
        private final byte[][][] seen = new byte[2][16][];
        private final boolean disruptive;
        private final int[] captured = new int[2];
        private long received;
        private boolean harmed;
        private int sent;

        Case(long seed) {
            random = new SplittableRandom(seed);
            pattern = new BytePattern(seed);
            // Half of the cases make well-formed forgeries too, against which only encryption helps: there, nothing may
            // break.
            disruptive = seed % 2 == 1;
            KcpConfig config = KcpPresets.NATIVE
                    .with(SegmentLimits.DEFAULT
                            .withMtu(random.nextInt(470, 1473))
                            .withStream(random.nextBoolean()))
                    .with(Windows.DEFAULT.withSegments(64, 64).withPeerSegments(64))
                    .with(new SendQueue(100, 50, SendQueue.WhenFull.BLOCK, Duration.ofSeconds(10)));
            LinkModel link =
                    LinkModel.delay(20).withLoss(random.nextDouble() * 0.1).withJitter(5, false);
            for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                links[i] = new SimulatedLink(simulation, link, random.split(), bytes -> ends[other].arrived(bytes));
                links[i].tap = bytes -> seen[other][captured[other]++ & 15] = bytes;
                pools[i] = new SlotPool(config.segments().slotBytes(), 1000);
                Receiver receiver = i == 1 ? this::check : (bytes, offset, length, left) -> length;
                ends[i] = new SimulatedEnd(
                        simulation, new Kcp(9, config, pools[i], links[i], receiver, simulation.nowNs()), true);
            }
        }

        private int check(MemorySegment bytes, long offset, int length, int fragmentsLeft) {
            for (int i = 0; i < length; i++) {
                harmed |= bytes.get(ValueLayout.JAVA_BYTE, offset + i) != pattern.at(received + i);
            }
            received += length;
            return length;
        }

        private void send() {
            byte[] bytes = new byte[900];
            pattern.fill(bytes, bytes.length, sent);
            int wanted = Math.min(bytes.length, BYTES - sent);
            sent += Math.max(0, ends[0].kcp.send(MemorySegment.ofArray(bytes), 0, wanted));
            ends[0].turned();
            if (sent < BYTES) {
                simulation.at(simulation.nowNs() + 5_000_000, this::send);
            }
        }

        private void forge() {
            for (int i = random.nextInt(6); i >= 0; i--) {
                int end = random.nextInt(2);
                // Sent back to where it came from, a datagram is as good a forgery as any.
                byte[] datagram = forged(disruptive ? random.nextInt(2) : end);
                ends[end].arrived(datagram);
            }
            if (simulation.nowNs() < 3_000_000_000L) {
                simulation.at(simulation.nowNs() + random.nextLong(8_000_000), this::forge);
            }
        }

        private byte[] forged(int meantFor) {
            byte[] real = seen[meantFor][random.nextInt(16)];
            switch (real == null ? random.nextInt(2) : random.nextInt(disruptive ? 5 : 4)) {
                case 0 -> {
                    byte[] noise = new byte[random.nextInt(2000)];
                    random.nextBytes(noise);
                    return noise;
                }
                case 1 -> {
                    return wild();
                }
                case 2 -> {
                    return real == null ? wild() : real; // a replay
                }
                case 3 -> {
                    return real == null ? wild() : Arrays.copyOf(real, random.nextInt(real.length + 1));
                }
                default -> {
                    byte[] mutant = real == null ? wild() : real.clone();
                    for (int flips = random.nextInt(4); flips >= 0 && mutant.length > 0; flips--) {
                        mutant[random.nextInt(4, mutant.length)] = (byte) random.nextInt();
                    }
                    return mutant;
                }
            }
        }

        /** Segments with the right conversation whose fields lie outside of what can be. */
        private byte[] wild() {
            int segments = random.nextInt(1, 8);
            byte[] datagram = new byte[segments * SegmentHeader.BYTES];
            MemorySegment at = MemorySegment.ofArray(datagram);
            for (int i = 0; i < segments; i++) {
                int kind = SegmentHeader.kind(
                        random.nextInt(disruptive ? 81 : 79, 86), random.nextInt(256), random.nextInt(65_536));
                int far = random.nextInt(1 << 20, Integer.MAX_VALUE) * (random.nextBoolean() ? 1 : -1);
                int number = disruptive && random.nextBoolean() ? random.nextInt(100) : far;
                int una = disruptive && random.nextBoolean() ? random.nextInt(100) : random.nextInt(1 << 20, 1 << 29);
                int length = random.nextInt(10) == 0 ? random.nextInt() : 0;
                SegmentHeader.write(at, (long) i * SegmentHeader.BYTES, 9, kind, random.nextInt(), number, una, length);
            }
            return datagram;
        }

        void play() {
            simulation.at(simulation.nowNs(), this::send);
            simulation.at(simulation.nowNs(), this::forge);
            long limit = 60_000_000_000L;
            int events = 0;
            boolean more = true;
            while (more && (received < BYTES || ends[0].kcp.waitSend() > 0)) {
                more = simulation.step(limit);
                if (++events > 500_000) {
                    throw new AssertionError("more than " + events + " events");
                }
                for (SlotPool pool : pools) {
                    if (pool.slotsInUse() > 100 + 255 + 64) {
                        throw new AssertionError("slots in use: " + pool.slotsInUse());
                    }
                }
            }
            if (!disruptive && (received != BYTES || harmed)) {
                throw new AssertionError("received " + received + " of " + BYTES + ", harmed " + harmed + ", waiting "
                        + ends[0].kcp.waitSend() + " at " + simulation.nowNs());
            }
            for (int i = 0; i < 2; i++) {
                ends[i].kcp.close();
                if (pools[i].slotsInUse() != 0) {
                    throw new AssertionError("slots leaked: " + pools[i].slotsInUse());
                }
            }
        }
    }
}
