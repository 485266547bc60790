package io.fairlead.transport.kcp.protocol;

import io.fairlead.transport.kcp.protocol.LossRecovery.Rules;
import java.time.Duration;
import java.util.function.Supplier;

/** Named configurations. The four numbers are those of {@code ikcp_nodelay}: nodelay, interval, resend, nc. */
public final class KcpPresets {
    /** Ours, for small messages that must be quick; {@code docs/decisions/0009} says why these numbers. */
    public static final KcpConfig NATIVE = new KcpConfig(
            SegmentLimits.DEFAULT,
            Windows.DEFAULT,
            new Timing(
                    Duration.ofMillis(2),
                    Duration.ofMillis(2),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(5),
                    Backoff.HALF_MORE,
                    1),
            new LossRecovery(Rules.TIMED, 2, 5, true, Duration.ofMillis(2), true, true, 2, Duration.ofMillis(2), 1024),
            new AckPolicy(true, true, true, Duration.ofMillis(1)),
            SendQueue.DEFAULT,
            DeadLink.DEFAULT,
            CongestionControl::none);

    /** For paths that pass small datagrams only, and live media: old frames that were not sent yet are dropped. */
    public static final KcpConfig SMALL = NATIVE.with(
                    SegmentLimits.DEFAULT.withMtu(470).withStream(false))
            .with(Windows.DEFAULT.withSegments(128, 128))
            .with(new SendQueue(256, 128, SendQueue.WhenFull.DROP, Duration.ofSeconds(30)));

    /** For files: much under way, no second datagrams, acknowledgements in company. */
    public static final KcpConfig BULK = NATIVE.with(Windows.DEFAULT.withSegments(8192, 8192))
            .with(NATIVE.recovery().withCopies(1, Duration.ZERO, 0))
            .with(new AckPolicy(false, true, true, Duration.ZERO))
            .with(new SendQueue(16_384, 8192, SendQueue.WhenFull.BLOCK, Duration.ofSeconds(30)));

    /** (0, 40, 0, 0): as slow to resend as TCP, with a congestion window. */
    public static final KcpConfig NORMAL = nodelay(0, 40, 0, false);
    /** (1, 10, 2, 1): the classic fast mode. */
    public static final KcpConfig TURBO = nodelay(1, 10, 2, true);
    /** (0, 40, 2, 1), "normal" of kcptun. */
    public static final KcpConfig KCPTUN_NORMAL = nodelay(0, 40, 2, true);
    /** (0, 30, 2, 1), "fast" of kcptun. */
    public static final KcpConfig KCPTUN_FAST = nodelay(0, 30, 2, true);
    /** (1, 20, 2, 1), "fast2" of kcptun. */
    public static final KcpConfig KCPTUN_FAST2 = nodelay(1, 20, 2, true);
    /** (1, 10, 2, 1), "fast3" of kcptun. */
    public static final KcpConfig KCPTUN_FAST3 = TURBO;

    private KcpPresets() {}

    /**
     * The meaning of {@code ikcp_nodelay}, with our machinery: the interval is the tick, and the guard stays at 10 ms at
     * least.
     *
     * @param nodelay 0 timeouts from 100 ms that double, 1 from 30 ms that grow by half, 2 from 30 ms that grow linearly
     * @param intervalMs 10 to 5000, clamped
     * @param resend skips that make a segment lost; 0 for never
     * @param nc no congestion window
     */
    public static KcpConfig nodelay(int nodelay, int intervalMs, int resend, boolean nc) {
        Duration tick = Duration.ofMillis(Math.clamp(intervalMs, 10, 5000));
        Backoff backoff = switch (nodelay) {
            case 0 -> Backoff.DOUBLE;
            case 1 -> Backoff.HALF_MORE;
            case 2 -> Backoff.LINEAR;
            default -> throw new IllegalArgumentException("nodelay is " + nodelay + ", allowed 0..2");
        };
        Duration minRto = Duration.ofMillis(nodelay == 0 ? 100 : 30);
        Timing timing = new Timing(tick, tick, minRto, Duration.ofMillis(200), Duration.ofSeconds(60), backoff, 0);
        Supplier<CongestionControl> congestion = nc ? CongestionControl::none : CongestionControl::halving;
        return NATIVE.with(timing)
                .with(NATIVE.recovery()
                        .withFast(resend, 5)
                        .withTimeBased(false, Duration.ofMillis(2))
                        .withTailProbe(false)
                        .withCopies(1, Duration.ZERO, 0))
                .with(new AckPolicy(false, true, true, Duration.ZERO))
                .with(congestion);
    }

    /**
     * The rules of another implementation with its {@code nodelay} numbers: the tick is all of the clock, acknowledgements wait for it,
     * probes come after 7 s. For comparison and for peers tuned to such behaviour.
     */
    public static KcpConfig legacy(Rules rules, int nodelay, int intervalMs, int resend, boolean nc) {
        KcpConfig base = nodelay(nodelay, intervalMs, resend, nc);
        Timing timing = rules == Rules.KCP_GO ? base.timing().withBackoff(Backoff.LINEAR) : base.timing();
        Windows windows = Windows.DEFAULT
                .withProbes(Duration.ofMillis(rules == Rules.KCP_GO ? 500 : 7000), Duration.ofMinutes(2))
                .withAvoidSilly(false);
        return base.with(timing)
                .with(windows)
                .with(LossRecovery.legacy(rules, resend))
                .with(new AckPolicy(false, false, rules == Rules.KCP_GO, Duration.ZERO))
                .with(new DeadLink(20, Duration.ZERO))
                .with(nc ? CongestionControl::none : CongestionControl::classic);
    }
}
