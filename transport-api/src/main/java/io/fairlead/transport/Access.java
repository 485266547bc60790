package io.fairlead.transport;

/** One thing that a peer may do to a region. None is given unless it is asked for. */
public enum Access {
    REMOTE_READ,
    REMOTE_WRITE,
    REMOTE_ATOMIC;

    /** This right's bit in the binary form of {@link Rights}. */
    public int bit() {
        return 1 << ordinal();
    }
}
