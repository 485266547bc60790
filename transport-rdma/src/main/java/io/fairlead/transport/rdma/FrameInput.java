package io.fairlead.transport.rdma;

import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.StagingPool.Staging;
import io.fairlead.transport.rdma.verbs.CompletionArray;

/** What comes in receives: frames, notifications of writes, and the peer's word on its own receives. For the loop only. */
final class FrameInput {
    /** {@code IBV_WC_RECV_RDMA_WITH_IMM}. */
    private static final int RECEIVE_WITH_WRITE = 129;

    private final SlotMemory memory;
    private final ReceiveQueue receives;
    private final PeerReceives peerReceives;
    private final FrameStream stream = new FrameStream();

    FrameInput(SlotMemory memory, ReceiveQueue receives, PeerReceives peerReceives) {
        this.memory = memory;
        this.receives = receives;
        this.peerReceives = peerReceives;
    }

    /**
     * Takes what a receive has got.
     *
     * @param open whether the engine still hears; else only the peer's word counts
     */
    void take(Engine engine, boolean open, int slot, CompletionArray completions, int index, Staging staging) {
        int immediate = completions.immediate(index);
        int bytes = completions.byteLength(index);
        if (receives.overrun()) {
            engine.violation("more requests than the " + receives.slots() + " receives it knows of");
        } else if (completions.opcode(index) == RECEIVE_WITH_WRITE) {
            if (open) {
                engine.notified(immediate);
            }
        } else if (!completions.hasImmediate(index)) {
            engine.violation("a SEND that does not tell of receives");
        } else if (!peerReceives.learn(immediate)) {
            engine.violation(
                    "it tells of " + Integer.toUnsignedString(immediate) + " receives posted again, " + peerReceives);
        } else if (open && bytes > 0) {
            stream.take(engine, memory.segment(), memory.receiveAt(slot), bytes, staging);
        }
    }
}
