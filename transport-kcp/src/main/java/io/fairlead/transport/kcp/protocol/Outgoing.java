package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;

/** Takes the bytes of the application into the segments of a {@link SendRing}, as far as the marks of the queue allow. */
final class Outgoing {
    private static final int MOST_FRAGMENTS = 255;

    private final SendRing ring;
    private final SlotPool pool;
    private final SendQueue marks;
    private final PeerWindow peerWindow;
    private final KcpStats stats;
    private final int payloadBytes;
    private final boolean stream;
    private boolean full;

    Outgoing(SendRing ring, KcpConfig config, PeerWindow peerWindow, KcpStats stats) {
        this.ring = ring;
        this.pool = ring.pool;
        this.marks = config.queue();
        this.peerWindow = peerWindow;
        this.stats = stats;
        this.payloadBytes = config.segments().payloadBytes();
        this.stream = config.segments().stream();
    }

    boolean writable() {
        if (full && ring.waiting() <= marks.lowSegments()) {
            full = false;
        }
        return !full;
    }

    /** See {@link Kcp#send}; 0 also where the policy says to give up, which {@link Kcp} does. */
    int send(MemorySegment source, long offset, int lengthBytes, boolean droppable) {
        if (!stream && fragments(lengthBytes) > Math.min(MOST_FRAGMENTS, peerWindow.largest())) {
            return Kcp.TOO_LARGE;
        }
        boolean dropping = marks.whenFull() == SendQueue.WhenFull.DROP;
        if (dropping && ring.waiting() >= marks.highSegments()) {
            stats.dropped += ring.drop(marks.lowSegments());
        }
        int taken = stream
                ? append(source, offset, lengthBytes, droppable)
                : appendMessage(source, offset, lengthBytes, droppable);
        if (taken == 0 && dropping && droppable && lengthBytes > 0) {
            stats.dropped++;
            return lengthBytes;
        }
        if (ring.waiting() >= marks.highSegments() || taken < lengthBytes) {
            full = true;
        }
        return taken;
    }

    private int fragments(int lengthBytes) {
        return Math.max(1, (lengthBytes + payloadBytes - 1) / payloadBytes);
    }

    private int appendMessage(MemorySegment source, long offset, int lengthBytes, boolean droppable) {
        int fragments = fragments(lengthBytes);
        if (ring.waiting() >= marks.highSegments() || !pool.has(fragments)) {
            return 0;
        }
        int done = 0;
        for (int left = fragments - 1; left >= 0; left--) {
            int bytes = Math.min(payloadBytes, lengthBytes - done);
            int flags = (droppable ? SendRing.DROPPABLE : 0) | (done == 0 ? SendRing.FIRST_OF_SEND : 0);
            add(source, offset + done, bytes, left, flags);
            done += bytes;
        }
        return lengthBytes;
    }

    private int append(MemorySegment source, long offset, int lengthBytes, boolean droppable) {
        // What may be dropped is dropped whole, so it shares no segment with other bytes, and is taken whole.
        if (droppable) {
            int segments = fragments(lengthBytes);
            if (ring.waiting() + segments > marks.highSegments() || !pool.has(segments)) {
                return 0;
            }
        }
        int done = droppable ? 0 : merge(source, offset, lengthBytes);
        int flags = (droppable ? SendRing.DROPPABLE : 0) | SendRing.FIRST_OF_SEND;
        while (done < lengthBytes && ring.waiting() < marks.highSegments() && pool.has(1)) {
            int bytes = Math.min(payloadBytes, lengthBytes - done);
            add(source, offset + done, bytes, 0, flags);
            flags &= ~SendRing.FIRST_OF_SEND;
            done += bytes;
        }
        return done;
    }

    /** Fills the last segment if it was not sent. @return bytes taken */
    private int merge(MemorySegment source, long offset, int lengthBytes) {
        int last = ring.end - 1 & ring.mask;
        if (ring.queued() == 0 || (ring.flags[last] & SendRing.DROPPABLE) != 0) {
            return 0;
        }
        int length = ring.length[last];
        int bytes = Math.min(payloadBytes - length, lengthBytes);
        int slot = ring.slot[last];
        MemorySegment.copy(source, offset, pool.block(slot), pool.offset(slot) + length, bytes);
        ring.length[last] = (char) (length + bytes);
        return bytes;
    }

    private void add(MemorySegment source, long offset, int bytes, int fragment, int flags) {
        int slot = pool.take();
        MemorySegment.copy(source, offset, pool.block(slot), pool.offset(slot), bytes);
        ring.append(slot, bytes, fragment, flags);
    }
}
