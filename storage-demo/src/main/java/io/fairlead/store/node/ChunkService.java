package io.fairlead.store.node;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkStore;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import java.time.Duration;

/** Chunks between the slots, where clients write and read, and the disk. Calls block on the disk. */
final class ChunkService {
    private final ChunkStore chunks;
    private final SlotPool writeSlots;
    private final SlotPool readSlots;
    private final int retryAfterMs;

    ChunkService(ChunkStore chunks, SlotPool writeSlots, SlotPool readSlots, Duration retryAfter) {
        this.chunks = chunks;
        this.writeSlots = writeSlots;
        this.readSlots = readSlots;
        this.retryAfterMs = Math.toIntExact(retryAfter.toMillis());
    }

    Reply grant(Request.GrantSlot request, Object owner) {
        Slot slot = writeSlots.hold();
        if (slot == null) {
            return busy("write");
        }
        boolean leased = false;
        try {
            Lease lease = writeSlots.lease(slot, request.length(), owner);
            leased = true;
            return new Reply.Granted(lease.id(), lease.grant().descriptor());
        } finally {
            if (!leased) {
                writeSlots.free(slot);
            }
        }
    }

    /** The slot is frozen before its bytes are checked: a client that still wrote could change them afterwards. */
    Reply commit(Request.CommitChunk request, Object owner) {
        Slot slot = writeSlots.freeze(request.lease(), owner);
        try {
            int length = request.checksums().length();
            if (length < 1 || length > slot.memory().byteSize()) {
                throw new StoreException(
                        StoreError.TOO_LARGE,
                        "a chunk of " + length + " B, allowed 1.."
                                + slot.memory().byteSize());
            }
            chunks.write(request.id(), slot.bytes(length), request.checksums());
            return new Reply.Done();
        } finally {
            writeSlots.free(slot);
        }
    }

    Reply stage(Request.ReadChunk request, Object owner) {
        int length = chunks.length(request.id());
        Slot slot = readSlots.hold();
        if (slot == null) {
            return busy("read");
        }
        boolean leased = false;
        try {
            if (length > slot.memory().byteSize()) {
                throw new StoreException(
                        StoreError.TOO_LARGE,
                        "chunk " + request.id() + " has " + length + " B, slots have "
                                + slot.memory().byteSize());
            }
            BlockChecksums checksums =
                    chunks.read(request.id(), slot.bytes((int) slot.memory().byteSize()));
            Lease lease = readSlots.lease(slot, checksums.length(), owner);
            leased = true;
            return new Reply.Staged(lease.id(), lease.grant().descriptor(), checksums);
        } finally {
            if (!leased) {
                readSlots.free(slot);
            }
        }
    }

    Reply delete(Request.DeleteChunks request) {
        request.ids().forEach(chunks::delete);
        return new Reply.Done();
    }

    void release(long lease, Object owner) {
        writeSlots.release(lease, owner);
        readSlots.release(lease, owner);
    }

    void releaseAll(Object owner) {
        writeSlots.releaseAll(owner);
        readSlots.releaseAll(owner);
    }

    void expire() {
        writeSlots.expire();
        readSlots.expire();
    }

    private Reply busy(String pool) {
        return new Reply.Failure(StoreError.BUSY, retryAfterMs, "no free " + pool + " slot");
    }
}
