package io.fairlead.transport.rdma.verbs.disni;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What DiSNI's {@code MemoryUtils} does, without an internal class of the JDK. */
public final class DirectBuffers {
    private DirectBuffers() {}

    /** Where the buffer's memory begins, whatever its position. */
    public static long getAddress(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("not a direct buffer");
        }
        return MemorySegment.ofBuffer(buffer).address() - buffer.position();
    }
}
