package io.fairlead.transport.core;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A frame whose header has been accepted, and where its payload goes. Used again and again; for the loop only. */
final class Placement {
    int type;
    int flags;
    int aux;
    int sequence;
    int tag;
    long requestId;
    int frameBytes;

    /** A small write whose payload lay whole behind its header: its copy may be put off. */
    boolean small;

    /** Payload still to come. */
    int payloadLeft;

    /** Where it goes: a region, else the message in assembly, else nowhere. */
    @Nullable
    RegisteredRegion sink;

    long sinkOffset;

    /** Entered while the peer may touch the memory. */
    @Nullable
    RegionGrant grant;

    /** The read whose data this is. */
    @Nullable
    OperationSlot reading;

    private @Nullable ByteBuffer view;
    private @Nullable RegisteredRegion viewOf;
    private long viewOffset;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The rest of the payload's place, for a read from the network. */
    ByteBuffer view(RegisteredRegion region) {
        ByteBuffer now = view;
        if (now == null) {
            viewOffset = sinkOffset;
            viewOf = region;
            now = region.view(sinkOffset, payloadLeft);
            view = now;
        }
        return now;
    }

    void dropView() {
        ByteBuffer used = view;
        RegisteredRegion region = viewOf;
        if (used != null && region != null) {
            view = null;
            viewOf = null;
            region.returnView(viewOffset, used);
        }
    }

    /** Throws the rest of the payload away. */
    void discard() {
        dropView();
        sink = null;
    }

    /** Lets go of memory. */
    void end() {
        discard();
        RegionGrant entered = grant;
        if (entered != null) {
            grant = null;
            entered.leave();
        }
        reading = null;
    }
}
