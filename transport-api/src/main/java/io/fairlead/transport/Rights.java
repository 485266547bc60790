package io.fairlead.transport;

/**
 * A set of {@link Access}, small enough for a descriptor and a hot path.
 *
 * @param bits the sum of the {@link Access#bit()}s, 0 to 7
 */
public record Rights(int bits) {
    public static final Rights NONE = new Rights(0);
    public static final Rights READ = of(Access.REMOTE_READ);
    public static final Rights WRITE = of(Access.REMOTE_WRITE);
    public static final Rights READ_WRITE = of(Access.REMOTE_READ, Access.REMOTE_WRITE);
    public static final Rights ALL = of(Access.values());

    public Rights {
        if ((bits & ~7) != 0) {
            throw new IllegalArgumentException("unknown rights in 0x" + Integer.toHexString(bits));
        }
    }

    public static Rights of(Access... access) {
        int bits = 0;
        for (Access one : access) {
            bits |= one.bit();
        }
        return new Rights(bits);
    }

    public boolean allows(Access access) {
        return (bits & access.bit()) != 0;
    }

    /** {@code r}, {@code w} and {@code a} for what is given, {@code -} for what is not: {@code rw-}. */
    @Override
    public String toString() {
        return (allows(Access.REMOTE_READ) ? "r" : "-")
                + (allows(Access.REMOTE_WRITE) ? "w" : "-")
                + (allows(Access.REMOTE_ATOMIC) ? "a" : "-");
    }
}
