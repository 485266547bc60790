package io.fairlead.transport.rdma;

/**
 * The receives that a peer has posted, as far as it has told: each SEND and each write with a notification uses one. Numbers wrap. Pure;
 * for one thread.
 */
final class PeerReceives {
    private int slots;
    private int used;
    private int postedAgain;

    /** What its terms say that it has posted at first. */
    void begin(int postedAtFirst) {
        slots = postedAtFirst;
    }

    int left() {
        return slots - (used - postedAgain);
    }

    void use(int count) {
        used += count;
    }

    /**
     * Takes the peer's word on how many it has posted again in all.
     *
     * @return false if that cannot be: fewer than it said before, or more than were used
     */
    boolean learn(int total) {
        int fresh = total - postedAgain;
        if (fresh < 0 || fresh > used - postedAgain) {
            return false;
        }
        postedAgain = total;
        return true;
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(used) + " used, " + Integer.toUnsignedString(postedAgain) + " posted again";
    }
}
