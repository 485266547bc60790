package io.fairlead.transport.rdma.verbs;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.lang.foreign.MemorySegment;

/** Memory that the device may reach. Keeps a reference to the segment, so that an automatic arena stays alive. */
public final class MemoryRegistration implements AutoCloseable {
    private final NativeVerbs verbs;
    private final long handle;
    private final MemorySegment memory;
    private final int localKey;
    private final int remoteKey;

    MemoryRegistration(NativeVerbs verbs, long handle, MemorySegment memory, int localKey, int remoteKey) {
        this.verbs = verbs;
        this.handle = handle;
        this.memory = memory;
        this.localKey = localKey;
        this.remoteKey = remoteKey;
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Where the memory begins, for requests here and at the peer. */
    public long address() {
        return memory.address();
    }

    /** For {@link SendRing#local} and {@link ReceiveRing#local}. */
    public int localKey() {
        return localKey;
    }

    /** For the peer's requests. */
    public int remoteKey() {
        return remoteKey;
    }

    /**
     * Ends the registration: when this returns, no remote access reaches the memory any more, and its pages are no
     * longer locked. Requests that use it fail. Does nothing the second time.
     */
    @Override
    public void close() throws VerbsException {
        VerbsException.checkClose(verbs.deregisterMemory(handle), "dereg_mr of " + memory.byteSize() + " bytes");
    }
}
