package io.fairlead.transport.kcp.protocol;

/**
 * Sizes on the wire.
 *
 * @param mtuBytes the largest datagram that the engine makes, segment headers included, those of UDP and of layers
 *     below not. 1400 passes nearly every path and tunnel; 470 is the floor of the small profile
 * @param headroomBytes left free before each datagram for the headers of layers below
 * @param maxPayloadBytes the largest payload taken from a peer, whose MTU may be larger than ours; longer segments are refused
 * @param stream one stream of bytes, in which sends are merged into full segments and the fragment field is 0, else
 *     messages, of at most 255 segments
 */
public record SegmentLimits(int mtuBytes, int headroomBytes, int maxPayloadBytes, boolean stream) {
    public static final SegmentLimits DEFAULT = new SegmentLimits(1400, 0, 1500 - SegmentHeader.BYTES, true);

    public SegmentLimits {
        new Faults("segments")
                .range("mtuBytes", mtuBytes, 50, 65_507)
                .range("headroomBytes", headroomBytes, 0, 1024)
                .range("maxPayloadBytes", maxPayloadBytes, 1, 65_507)
                .report();
    }

    /** The largest payload of a segment that the engine makes. */
    public int payloadBytes() {
        return mtuBytes - SegmentHeader.BYTES;
    }

    /** What a slot of the pool must hold. */
    public int slotBytes() {
        return Math.max(payloadBytes(), maxPayloadBytes);
    }

    public SegmentLimits withMtu(int bytes) {
        return new SegmentLimits(bytes, headroomBytes, maxPayloadBytes, stream);
    }

    public SegmentLimits withHeadroom(int bytes) {
        return new SegmentLimits(mtuBytes, bytes, maxPayloadBytes, stream);
    }

    public SegmentLimits withMaxPayload(int bytes) {
        return new SegmentLimits(mtuBytes, headroomBytes, bytes, stream);
    }

    public SegmentLimits withStream(boolean chosen) {
        return new SegmentLimits(mtuBytes, headroomBytes, maxPayloadBytes, chosen);
    }
}
