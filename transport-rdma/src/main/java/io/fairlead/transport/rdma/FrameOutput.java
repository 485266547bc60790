package io.fairlead.transport.rdma;

import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.FrameHeader;
import io.fairlead.transport.core.OutputBatch;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * Puts an engine's frames into SENDs, as many as the peer has receives for; each tells how many receives this side has posted again.
 * For the loop only.
 */
final class FrameOutput {
    /** Receives of the peer that only words about receives may take, so that both ends can always tell. */
    private static final int RESERVED = 2;

    private final SendQueue sends;
    private final SlotMemory memory;
    private final ReceiveQueue receives;
    private final PeerReceives peerReceives = new PeerReceives();
    private int peerSlotBytes;

    FrameOutput(SendQueue sends, SlotMemory memory, ReceiveQueue receives) {
        this.sends = sends;
        this.memory = memory;
        this.receives = receives;
    }

    /** Takes the peer's terms. */
    void agree(Terms terms) {
        peerReceives.begin(terms.slots());
        peerSlotBytes = Math.min(terms.slotBytes(), memory.slotBytes());
    }

    PeerReceives peerReceives() {
        return peerReceives;
    }

    /** Makes requests of what the engine has to say, until that is all, there is no room, or the wire is no longer open. */
    void fill(Engine engine, BooleanSupplier open) throws VerbsException {
        while (open.getAsBoolean()) {
            sends.notifiesLeft(peerReceives.left() - RESERVED);
            OutputBatch batch = engine.output();
            peerReceives.use(sends.notifiesTaken());
            if (batch.isEmpty()) {
                return;
            }
            long sent = batch.isOneRun() ? sendInline(batch) : 0;
            if (sent == 0) {
                sent = copy(batch);
            }
            if (!engine.written(sent) || !engine.hasMoreOutput()) {
                return;
            }
        }
    }

    /** Sends a small batch from where it lies, by a post of its own; 0 if it must be copied. */
    private int sendInline(OutputBatch batch) throws VerbsException {
        int bytes = batch.runBytes();
        if (bytes > peerSlotBytes || !sends.takesInline(bytes) || peerReceives.left() <= RESERVED) {
            return 0;
        }
        sends.sendInline(batch.runAddress(), bytes, receives.tell());
        peerReceives.use(1);
        sends.post();
        batch.runWritten();
        return bytes;
    }

    /** As {@link Wire#sendAlone}, by a post of its own. */
    boolean sendAlone(long first, long second, long address, int bytes) throws VerbsException {
        int all = FrameHeader.COMMON_BYTES + bytes;
        if (all > peerSlotBytes || !sends.takesInline(all) || peerReceives.left() <= RESERVED) {
            return false;
        }
        sends.sendNow(first, second, address, bytes, receives.tell());
        peerReceives.use(1);
        return true;
    }

    /** Into as few SENDs as it takes; what finds no room waits. */
    private long copy(OutputBatch batch) {
        ByteBuffer[] buffers = batch.buffers();
        int at = batch.offset();
        int end = at + batch.count();
        long total = 0;
        while (at < end && sends.hasRoom() && peerReceives.left() > RESERVED) {
            int bytes = 0;
            int to = sends.buffer();
            while (at < end && bytes < peerSlotBytes) {
                ByteBuffer from = buffers[at];
                int now = Math.min(from.remaining(), peerSlotBytes - bytes);
                memory.copy(from, now, to + bytes);
                bytes += now;
                if (!from.hasRemaining()) {
                    at++;
                }
            }
            send(bytes);
            total += bytes;
        }
        return total;
    }

    private void send(int bytes) {
        sends.send(bytes, receives.tell());
        peerReceives.use(1);
    }

    /** Tells the peer of receives, if nothing that was sent did and it may be waiting for them. */
    void tell() {
        if (receives.wantsTelling() && peerReceives.left() > 0 && sends.hasRoom()) {
            send(0);
        }
    }

    /** Sees to it that all that was sent will be known to be complete, if the peer can take one more. */
    void drain() {
        if (peerReceives.left() > 0) {
            sends.drain(receives.tell());
        }
    }
}
