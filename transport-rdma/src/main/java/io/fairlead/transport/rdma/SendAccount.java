package io.fairlead.transport.rdma;

/**
 * Which places of a send queue are taken. Requests complete in order, and those without a completion of their own are known to be
 * complete when a later one is: only then does a network card give their places back. Pure; for one thread.
 */
final class SendAccount {
    private final int depth;
    private int next;
    private int posted;
    private int retired;

    SendAccount(int depth) {
        if (Integer.bitCount(depth) != 1) {
            throw new IllegalArgumentException("depth is " + depth + ", wanted a power of two");
        }
        this.depth = depth;
    }

    /** One place is kept for {@link SendQueue#drain}. */
    boolean hasRoom() {
        return next - retired < depth - 1;
    }

    /** The number of the request that is made now. */
    int take() {
        if (next - retired == depth) {
            throw new IllegalStateException("all " + depth + " requests are under way");
        }
        return next++;
    }

    /** The place of a request in its ring. */
    int place(int number) {
        return number & depth - 1;
    }

    int unposted() {
        return next - posted;
    }

    int firstUnposted() {
        return posted;
    }

    void allPosted() {
        posted = next;
    }

    /** The first that was not known to be complete; it and those to {@code number} are, once {@link #retire} was called for each. */
    int oldest() {
        return retired;
    }

    /** Whether a completion of this number can be. */
    boolean isUnderWay(int number) {
        return number - retired >= 0 && posted - number > 0;
    }

    void retire() {
        retired++;
    }

    int underWay() {
        return next - retired;
    }
}
