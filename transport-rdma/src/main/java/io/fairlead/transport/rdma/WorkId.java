package io.fairlead.transport.rdma;

/**
 * The 64 bits by which a completion is told apart; nothing else in a failed one can be trusted: whether it is a receive, a
 * connection's place and how often that was used, and a number.
 */
final class WorkId {
    private static final long RECEIVE = 1L << 63;
    private static final int PLACE_BITS = 16;
    static final int MOST_PLACES = 1 << PLACE_BITS;
    private static final int GENERATION_MASK = 0x7fff;

    private WorkId() {}

    static long receive(int place, int generation, int number) {
        return RECEIVE | send(place, generation, number);
    }

    static long send(int place, int generation, int number) {
        return (long) (generation & GENERATION_MASK) << 48 | (long) place << 32 | Integer.toUnsignedLong(number);
    }

    static boolean isReceive(long id) {
        return id < 0;
    }

    static int place(long id) {
        return (int) (id >>> 32) & MOST_PLACES - 1;
    }

    static boolean isOf(long id, int generation) {
        return ((int) (id >>> 48) & GENERATION_MASK) == (generation & GENERATION_MASK);
    }

    static int number(long id) {
        return (int) id;
    }
}
