package io.fairlead.transport.kcp.protocol;

/**
 * When segments are acknowledged, and which.
 *
 * @param immediate in the flush that follows each input, else within the tick, for company
 * @param immediateOnDisorder a gap, its end, or a duplicate is told in the flush that follows, whatever else is chosen: the sender waits
 *     for it
 * @param filter leave out acknowledgements that the cumulative one covers, except the latest; it carries the stamp from which the
 *     peer measures the round trip
 */
public record AckPolicy(boolean immediate, boolean immediateOnDisorder, boolean filter) {
    /** Each segment is acknowledged, at the next tick; what ikcp does. */
    public static final AckPolicy LEGACY = new AckPolicy(false, false, false);
}
