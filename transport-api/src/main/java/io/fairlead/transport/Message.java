package io.fairlead.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A received message, valid during the handler's call only: the provider owns the bytes and uses them again. Copy what
 * is needed longer.
 */
public interface Message {
    /** The memory that holds the payload, from {@link #offset()} on. */
    MemorySegment buffer();

    long offset();

    /** Bytes of the payload, 0 or more. */
    long length();

    /** The payload alone, read-only in spirit; allocates a view. */
    default MemorySegment payload() {
        return buffer().asSlice(offset(), length());
    }

    /** A copy of the payload. */
    default byte[] toByteArray() {
        return payload().toArray(ValueLayout.JAVA_BYTE);
    }
}
