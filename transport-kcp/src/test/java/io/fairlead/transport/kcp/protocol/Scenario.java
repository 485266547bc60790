package io.fairlead.transport.kcp.protocol;

import io.fairlead.transport.kcp.protocol.LossRecovery.Rules;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Two configurations, two links and what is sent, all drawn from one seed.
 *
 * @param bytes to send, by direction
 * @param maxSendBytes of one send
 * @param first numbers of the first end; the other has them the other way round
 */
record Scenario(
        long seed,
        KcpConfig[] configs,
        boolean[] flushes,
        LinkModel[] links,
        int[] bytes,
        int[] maxSendBytes,
        double[] appetite,
        FirstNumbers first,
        boolean outage) {

    static Scenario of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean stream = random.nextInt(3) > 0;
        KcpConfig[] configs = {config(random, stream), config(random, stream)};
        LinkModel[] links = {link(random), link(random)};
        boolean[] flushes = {flushes(random, configs[0]), flushes(random, configs[1])};
        int[] bytes = new int[2];
        int[] maxSend = new int[2];
        for (int i = 0; i < 2; i++) {
            int payload = configs[i].segments().payloadBytes();
            int segments = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(120);
            bytes[i] = segments * payload + random.nextInt(payload);
            int fragments = Math.min(configs[1 - i].windows().receiveSegments(), 1 + random.nextInt(8));
            maxSend[i] = Math.max(1, stream ? random.nextInt(1, 6 * payload) : fragments * payload);
        }
        double[] appetite = {appetite(random), appetite(random)};
        FirstNumbers first = random.nextBoolean()
                ? FirstNumbers.ZERO
                : new FirstNumbers(-random.nextInt(300), -random.nextInt(300), random.nextInt());
        return new Scenario(seed, configs, flushes, links, bytes, maxSend, appetite, first, random.nextInt(8) == 0);
    }

    private static boolean flushes(SplittableRandom random, KcpConfig config) {
        return !config.recovery().rules().isLegacy() || random.nextBoolean();
    }

    /** The part of what is offered that the receiver takes at once; 1 for all. */
    private static double appetite(SplittableRandom random) {
        return random.nextBoolean() ? 1 : random.nextDouble();
    }

    private static LinkModel link(SplittableRandom random) {
        LinkModel link = LinkModel.delay(random.nextInt(100))
                .withLoss(random.nextInt(4) == 0 ? 0 : random.nextDouble() * 0.25)
                .withJitter(random.nextInt(3) == 0 ? 0 : random.nextInt(60), random.nextBoolean())
                .withDuplicates(random.nextInt(3) == 0 ? random.nextDouble() * 0.3 : 0)
                .withReordering(random.nextInt(3) == 0 ? random.nextDouble() * 0.3 : 0, random.nextInt(200));
        if (random.nextInt(5) == 0) {
            link = link.withBursts(random.nextDouble() * 0.05, 0.2 + random.nextDouble() * 0.5);
        }
        if (random.nextInt(5) == 0) {
            link = link.withBandwidth(random.nextInt(200_000, 10_000_000), random.nextInt(5_000, 60_000));
        }
        return link;
    }

    private static KcpConfig config(SplittableRandom random, boolean stream) {
        Rules[] rules = Rules.values();
        KcpConfig base = switch (random.nextInt(8)) {
            case 0 ->
                KcpPresets.nodelay(random.nextInt(3), random.nextInt(10, 50), random.nextInt(4), random.nextBoolean());
            case 1, 2 ->
                KcpPresets.legacy(
                        rules[random.nextInt(1, rules.length)],
                        random.nextInt(3),
                        random.nextInt(10, 50),
                        random.nextInt(4),
                        random.nextInt(4) > 0);
            default -> ours(random);
        };
        int mtu = random.nextInt(6) == 0 ? random.nextInt(60, 470) : random.nextInt(470, 1473);
        int high = random.nextInt(1, 300);
        return base.with(base.segments()
                        .withMtu(mtu)
                        .withHeadroom(random.nextInt(3) * 12)
                        .withStream(stream))
                .with(base.windows().withSegments(window(random), window(random)))
                .with(new SendQueue(high, random.nextInt(high), SendQueue.WhenFull.BLOCK, Duration.ofDays(1)))
                .with(new DeadLink(1_000_000, Duration.ofDays(1)));
    }

    private static KcpConfig ours(SplittableRandom random) {
        KcpConfig base = KcpPresets.NATIVE;
        if (random.nextInt(4) == 0) {
            return base;
        }
        LossRecovery recovery = base.recovery()
                .withFast(random.nextInt(4), random.nextInt(6))
                .withTimeBased(random.nextBoolean(), Duration.ofMillis(random.nextInt(10)))
                .withTailProbe(random.nextBoolean())
                .withUndo(random.nextBoolean())
                .withCopies(random.nextInt(1, 4), Duration.ofMillis(random.nextInt(10)), random.nextInt(200));
        Timing timing = base.timing()
                .withTick(Duration.ofMillis(random.nextInt(20)))
                .withGuard(Duration.ofMillis(random.nextInt(1, 40)))
                .withMinRto(Duration.ofMillis(random.nextInt(1, 200)))
                .withBackoff(Backoff.values()[random.nextInt(3)])
                .withGrowsAfter(random.nextInt(3));
        AckPolicy acks = new AckPolicy(
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                Duration.ofMillis(random.nextInt(10)));
        KcpConfig changed = base.with(recovery).with(timing).with(acks);
        return random.nextInt(3) == 0 ? changed.with(CongestionControl::halving) : changed;
    }

    private static int window(SplittableRandom random) {
        return random.nextInt(4) == 0 ? random.nextInt(1, 8) : random.nextInt(1, 200);
    }
}
