package io.fairlead.transport.core;

import static io.fairlead.transport.core.FrameHeader.FLAG_DEFERRED;
import static io.fairlead.transport.core.FrameHeader.FLAG_NOTIFY;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The small writes of the bytes being received: their copies are put off and made together, and the grant that they all use is
 * entered once, not for each. They are placed before anybody may look, and before the bytes are given back. For the loop only.
 */
final class SmallWrites {
    /** Writes up to this size are put off. */
    private static final int MAX_BYTES = 1024;

    private final DeferredCopies copies = new DeferredCopies();
    private @Nullable RegionGrant held;

    /** Whether a frame outside of a run is a write to be put off: small, and whole in the bytes behind its header. */
    static boolean takes(Placement frame, long available) {
        return frame.type == FrameHeader.WRITE
                && !frame.has(FLAG_NOTIFY)
                && !frame.has(FLAG_DEFERRED)
                && frame.frameBytes > 0
                && frame.frameBytes <= MAX_BYTES
                && frame.frameBytes <= available;
    }

    /** Whether the grant is entered already for those put off. */
    boolean holds(RegionGrant grant) {
        return grant == held;
    }

    /** Puts a write off; a grant that was entered for it is held from now on. */
    void add(Placement frame, MemorySegment bytes, long at, RegisteredRegion region) {
        RegionGrant entered = frame.grant;
        if (entered != null) {
            place();
            held = entered;
            frame.grant = null;
        }
        copies.add(bytes, at, region.segment(), frame.sinkOffset, frame.frameBytes);
    }

    /** Makes the copies, and lets go of the grant. */
    void place() {
        copies.makeAll();
        RegionGrant used = held;
        if (used != null) {
            held = null;
            used.leave();
        }
    }
}
