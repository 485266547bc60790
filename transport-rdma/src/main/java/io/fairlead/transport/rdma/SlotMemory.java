package io.fairlead.transport.rdma;

import io.fairlead.transport.rdma.verbs.Access;
import io.fairlead.transport.rdma.verbs.MemoryRegistration;
import io.fairlead.transport.rdma.verbs.ProtectionDomain;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * What a connection's frames are received into and sent from, and where old values of atomics land: one piece, registered once.
 * Closed by its loop when the queue pair is gone.
 */
final class SlotMemory {
    private static final int WORD = Long.BYTES;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final ByteBuffer outgoing;
    private final MemoryRegistration registration;
    private final int slotBytes;
    private final long outgoingAt;
    private final long wordsAt;

    SlotMemory(ProtectionDomain domain, int receives, int sends, int slotBytes, int words) throws VerbsException {
        this.slotBytes = slotBytes;
        outgoingAt = (long) receives * slotBytes;
        int outgoingBytes = Math.multiplyExact(sends, slotBytes);
        wordsAt = outgoingAt + outgoingBytes;
        segment = arena.allocate(wordsAt + (long) words * WORD, 4096);
        outgoing = segment.asSlice(outgoingAt, outgoingBytes).asByteBuffer();
        try {
            registration = domain.register(segment, Access.LOCAL_WRITE);
        } catch (VerbsException e) {
            arena.close();
            throw e;
        }
    }

    MemorySegment segment() {
        return segment;
    }

    int slotBytes() {
        return slotBytes;
    }

    int key() {
        return registration.localKey();
    }

    long receiveAt(int slot) {
        return (long) slot * slotBytes;
    }

    /** Where what is sent from a slot goes, counted as {@link #copy} does. */
    int sendAt(int slot) {
        return slot * slotBytes;
    }

    long outgoingAddress(int at) {
        return address(outgoingAt + at);
    }

    /** Copies bytes to what goes out, from the position of a buffer, which moves on. Allocates nothing. */
    void copy(ByteBuffer from, int bytes, int at) {
        outgoing.put(at, from, from.position(), bytes);
        from.position(from.position() + bytes);
    }

    long wordAt(int place) {
        return wordsAt + (long) place * WORD;
    }

    long address(long offset) {
        return segment.address() + offset;
    }

    void close() throws VerbsException {
        registration.close();
        arena.close();
    }
}
