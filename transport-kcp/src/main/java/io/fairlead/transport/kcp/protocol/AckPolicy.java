package io.fairlead.transport.kcp.protocol;

import java.time.Duration;

/**
 * When segments are acknowledged, and which.
 *
 * @param immediate in the flush that follows each input, else within the tick, for company
 * @param immediateOnDisorder a gap, its end, or a duplicate is told in the flush that follows, whatever else is chosen: the sender waits
 *     for it
 * @param filter leave out acknowledgements that the cumulative one covers, except the latest; it carries the stamp from which the
 *     peer measures the round trip
 * @param repeatAfter say an acknowledgement once more unless other data said it meanwhile, while segments of ours are being lost,
 *     as acknowledgements then are too: 52 bytes on the wire against a segment that is sent again for nothing, so only for segments of
 *     256 bytes and more. Must be shorter
 *     than the peer's guard. Zero for never, which legacy peers need, since they count it as another acknowledgement
 */
public record AckPolicy(boolean immediate, boolean immediateOnDisorder, boolean filter, Duration repeatAfter) {
    public AckPolicy {
        new Faults("acknowledgements")
                .range("repeatAfter", repeatAfter, Duration.ZERO, Duration.ofSeconds(1))
                .report();
    }

    public AckPolicy withRepeatAfter(Duration changed) {
        return new AckPolicy(immediate, immediateOnDisorder, filter, changed);
    }
}
