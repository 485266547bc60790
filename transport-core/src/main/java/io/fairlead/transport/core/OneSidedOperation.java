package io.fairlead.transport.core;

/** An operation on the peer's memory, as a network card sees it. Valid until the wire has said how all its parts ended. For the loop only. */
public interface OneSidedOperation {
    /** What it does. */
    enum Kind {
        WRITE,
        WRITE_NOTIFY,
        READ,
        COMPARE_AND_SWAP,
        FETCH_AND_ADD;

        public boolean isAtomic() {
            return this == COMPARE_AND_SWAP || this == FETCH_AND_ADD;
        }
    }

    Kind kind();

    /** Bytes, 8 for an atomic. */
    long length();

    /** Where the source of a write or the target of a read begins; not for atomics. */
    long localAddress();

    /**
     * Whether the local memory is the region's own. Else it is gone if the application has closed its arena too early: only the device, for
     * which it is pinned, may touch it.
     */
    boolean ownsLocal();

    /** What {@link MemoryRegistrar} gave for that memory. */
    int localKey();

    long remoteAddress();

    int remoteKey();

    /** Of a write with a notification. */
    int tag();

    /** What a swap expects, or what is added. */
    long operand();

    /** What a swap writes. */
    long replacement();
}
