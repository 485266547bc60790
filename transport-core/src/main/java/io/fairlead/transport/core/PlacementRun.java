package io.fairlead.transport.core;

import org.jspecify.annotations.Nullable;

/**
 * Frames whose headers have been accepted and whose payloads are to come, in order; there are some only in a run of deferred
 * payloads. Frames are exchanged, never made. For the loop only.
 */
final class PlacementRun {
    private final Placement[] ring = new Placement[FrameHeader.MAX_DEFERRED + 1];
    private int head;
    private int count;

    PlacementRun() {
        for (int i = 0; i < ring.length; i++) {
            ring[i] = new Placement();
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether no further payload may be deferred. */
    boolean isFull() {
        return count == FrameHeader.MAX_DEFERRED;
    }

    /** Puts a frame at the end. @return a free one for its place */
    Placement append(Placement frame) {
        int at = (head + count++) % ring.length;
        Placement free = ring[at];
        ring[at] = frame;
        free.payloadLeft = 0;
        return free;
    }

    /** Takes the first frame out, in exchange for one that is done with. */
    Placement takeFirst(Placement done) {
        Placement first = ring[head];
        ring[head] = done;
        head = (head + 1) % ring.length;
        count--;
        return first;
    }

    /** The first frame for the memory of a grant, or null. */
    @Nullable
    Placement using(RegionGrant grant) {
        for (int i = 0; i < count; i++) {
            Placement announced = ring[(head + i) % ring.length];
            if (announced.grant == grant) {
                return announced;
            }
        }
        return null;
    }

    /** Throws away what comes for a read that has ended. */
    void abandon(OperationSlot slot) {
        for (int i = 0; i < count; i++) {
            Placement announced = ring[(head + i) % ring.length];
            if (announced.reading == slot) {
                announced.discard();
            }
        }
    }

    /** Lets go of memory, and forgets all. */
    void end() {
        for (Placement announced : ring) {
            announced.end();
        }
        count = 0;
    }
}
