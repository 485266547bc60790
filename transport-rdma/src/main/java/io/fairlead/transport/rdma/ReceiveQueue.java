package io.fairlead.transport.rdma;

import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.ReceiveRing;
import io.fairlead.transport.rdma.verbs.VerbsException;

/**
 * Receives of one connection, used in turn: which have completed, which are posted again, and of which the peer knows, all counted from
 * the first that is posted again. Numbers wrap. For the loop only.
 */
final class ReceiveQueue {
    private final QueuePair pair;
    private final RdmaCounts counts;
    private final ReceiveRing ring;
    private final int slots;
    private int taken;
    private int posted;
    private int told;
    private int underWay;

    ReceiveQueue(QueuePair pair, RdmaCounts counts, SlotMemory memory, int slots, int place, int generation) {
        this.pair = pair;
        this.counts = counts;
        this.slots = slots;
        ring = new ReceiveRing(slots, 1);
        for (int slot = 0; slot < slots; slot++) {
            ring.receive(slot, WorkId.receive(place, generation, slot));
            ring.local(slot, memory.address(memory.receiveAt(slot)), memory.slotBytes(), memory.key());
        }
    }

    int slots() {
        return slots;
    }

    /** Before the connection. */
    void postAll() throws VerbsException {
        pair.post(ring, 0, slots);
        underWay = slots;
    }

    /** Posts those again that have been taken; several by one call, since the peer is told now and then only. */
    void repost() throws VerbsException {
        int count = taken - posted;
        if (count >= slots / 8) {
            pair.post(ring, Math.floorMod(posted, slots), count);
            counts.posts++;
            counts.requests += count;
            posted = taken;
            underWay += count;
        }
    }

    /** One has completed, well or not. */
    void completed() {
        underWay--;
    }

    /** What came in it is taken. */
    void take() {
        taken++;
    }

    /** Whether the peer has used more than it knows of. */
    boolean overrun() {
        return taken - told > slots;
    }

    /** How many are posted again, which is told now. */
    int tell() {
        told = posted;
        return posted;
    }

    /** Whether the peer may be waiting to be told. */
    boolean wantsTelling() {
        return posted - told >= slots / 4;
    }

    /** Nothing that is posted has yet to come back. */
    boolean isIdle() {
        return underWay == 0;
    }
}
