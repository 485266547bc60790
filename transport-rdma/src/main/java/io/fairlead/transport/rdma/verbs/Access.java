package io.fairlead.transport.rdma.verbs;

/** What a registration allows; reading locally always is. The bits are those of {@code enum ibv_access_flags}. */
public enum Access {
    LOCAL_WRITE(1),
    /** Needs {@link #LOCAL_WRITE}. */
    REMOTE_WRITE(1 << 1),
    REMOTE_READ(1 << 2),
    /** Needs {@link #LOCAL_WRITE}. */
    REMOTE_ATOMIC(1 << 3);

    private final int bit;

    Access(int bit) {
        this.bit = bit;
    }

    static int bits(Access... rights) {
        int bits = 0;
        for (Access right : rights) {
            bits |= right.bit;
        }
        return bits;
    }
}
