package io.fairlead.store;

/** Why the store could not do something. The number is what replies carry; it never changes. */
public enum StoreError {
    /** No such key or chunk. */
    NOT_FOUND(1),
    /** A checksum does not fit: torn or rotten on disk, or damaged on the way. The bytes were not used. */
    CORRUPT(2),
    /** The disk is full, or down to its reserve. Reads and deletes still work. */
    NO_SPACE(3),
    /** No free slot; try again after the time in the reply. */
    BUSY(4),
    /** Syncing failed, so nothing is known of what the disk holds; the node stops. */
    DISK_FAILED(5),
    /** The directory belongs to another node or cluster, to another process now, or is no store at all. */
    WRONG_VOLUME(6),
    /** Written by a later version of this program. */
    NEWER_FORMAT(7),
    /** A message that this version does not understand. */
    BAD_MESSAGE(8),
    /** The slot's lease is over, or was never of this connection. */
    LEASE_LOST(9),
    /** Fewer replicas than the minimum could be reached. */
    TOO_FEW_REPLICAS(10),
    /** No node that could answer could be reached. */
    UNREACHABLE(11),
    /** The id is taken by other content. */
    CONFLICT(12),
    /** A key, chunk or value is over its limit. */
    TOO_LARGE(13),
    /** Reading or writing a file failed. */
    IO(14),
    /** The time for it is over. */
    TIMED_OUT(15),
    /** A bug. */
    INTERNAL(16);

    private final int number;

    StoreError(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The error of a number from the wire; {@link #INTERNAL} for one that this version does not know. */
    public static StoreError ofNumber(int number) {
        return number > 0 && number <= values().length ? values()[number - 1] : INTERNAL;
    }
}
