package io.fairlead.transport.kcp.protocol;

import java.util.function.Supplier;

/**
 * Everything that configures an engine; {@link KcpPresets} holds the named ones. Both ends may differ in all of it.
 *
 * @param congestion makes the congestion control of one engine
 */
public record KcpConfig(
        SegmentLimits segments,
        Windows windows,
        Timing timing,
        LossRecovery recovery,
        AckPolicy acks,
        SendQueue queue,
        DeadLink deadLink,
        Supplier<CongestionControl> congestion) {

    public KcpConfig with(SegmentLimits changed) {
        return new KcpConfig(changed, windows, timing, recovery, acks, queue, deadLink, congestion);
    }

    public KcpConfig with(Windows changed) {
        return new KcpConfig(segments, changed, timing, recovery, acks, queue, deadLink, congestion);
    }

    public KcpConfig with(Timing changed) {
        return new KcpConfig(segments, windows, changed, recovery, acks, queue, deadLink, congestion);
    }

    public KcpConfig with(LossRecovery changed) {
        return new KcpConfig(segments, windows, timing, changed, acks, queue, deadLink, congestion);
    }

    public KcpConfig with(AckPolicy changed) {
        return new KcpConfig(segments, windows, timing, recovery, changed, queue, deadLink, congestion);
    }

    public KcpConfig with(SendQueue changed) {
        return new KcpConfig(segments, windows, timing, recovery, acks, changed, deadLink, congestion);
    }

    public KcpConfig with(DeadLink changed) {
        return new KcpConfig(segments, windows, timing, recovery, acks, queue, changed, congestion);
    }

    public KcpConfig with(Supplier<CongestionControl> changed) {
        return new KcpConfig(segments, windows, timing, recovery, acks, queue, deadLink, changed);
    }
}
