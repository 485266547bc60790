package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.MemoryRegion;
import org.jspecify.annotations.Nullable;

/**
 * One operation on its way to the provider, as far as decorators care.
 *
 * @param kind what it is
 * @param local the local region it uses, as the caller gave it; null if it uses none
 * @param offset where in that region
 * @param length how many bytes of it
 */
public record Call(Kind kind, @Nullable MemoryRegion local, long offset, long length) {
    /** What an operation does with its local region. */
    public enum Kind {
        WRITE,
        READ,
        ATOMIC,
        SEND,
        REQUEST,
        REPLY,
        DATAGRAM,
        FENCE
    }

    static Call of(Kind kind) {
        return new Call(kind, null, 0, 0);
    }
}
