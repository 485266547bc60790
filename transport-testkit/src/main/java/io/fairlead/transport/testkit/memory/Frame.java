package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.core.FrameHeader;
import java.lang.foreign.MemorySegment;

/**
 * A whole frame in flight, or a side's handshake, to be looked at and altered.
 *
 * @param toServer whether it goes to the side that accepted
 * @param handshake whether it is the handshake, which is no frame
 * @param bytes header and payload
 */
public record Frame(boolean toServer, boolean handshake, byte[] bytes) {
    /** The header's type; 0 for a handshake. */
    public int type() {
        return handshake ? 0 : FrameHeader.type(segment(), 0);
    }

    public int sequence() {
        return FrameHeader.sequence(segment(), 0);
    }

    public boolean isLast() {
        return (FrameHeader.flags(segment(), 0) & FrameHeader.FLAG_LAST) != 0;
    }

    /** The same bytes; changes write through. */
    public MemorySegment segment() {
        return MemorySegment.ofArray(bytes);
    }
}
