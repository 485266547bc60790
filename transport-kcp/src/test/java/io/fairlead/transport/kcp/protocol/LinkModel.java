package io.fairlead.transport.kcp.protocol;

/**
 * One direction of a path. Probabilities are of one datagram; jitter is even and lets datagrams overtake each other unless the order
 * is kept.
 *
 * @param loss by chance, independent
 * @param toBad from the good state to the bad one of Gilbert and Elliott, in which datagrams are lost
 * @param toGood and back, so that bursts have a mean of its inverse
 * @param reorder held back by another {@code reorderNs}
 * @param bitsPerSecond 0 for no limit
 * @param queueBytes before the limit; what does not fit is lost
 */
record LinkModel(
        double loss,
        double toBad,
        double toGood,
        double duplicate,
        double reorder,
        long reorderNs,
        long delayNs,
        long jitterNs,
        boolean keepsOrder,
        long bitsPerSecond,
        int queueBytes) {
    static final long MS = 1_000_000;

    static LinkModel delay(long delayMs) {
        return new LinkModel(0, 0, 1, 0, 0, 0, delayMs * MS, 0, false, 0, 0);
    }

    LinkModel withLoss(double probability) {
        return new LinkModel(
                probability,
                toBad,
                toGood,
                duplicate,
                reorder,
                reorderNs,
                delayNs,
                jitterNs,
                keepsOrder,
                bitsPerSecond,
                queueBytes);
    }

    LinkModel withBursts(double begin, double end) {
        return new LinkModel(
                loss,
                begin,
                end,
                duplicate,
                reorder,
                reorderNs,
                delayNs,
                jitterNs,
                keepsOrder,
                bitsPerSecond,
                queueBytes);
    }

    LinkModel withJitter(long jitterMs, boolean ordered) {
        return new LinkModel(
                loss,
                toBad,
                toGood,
                duplicate,
                reorder,
                reorderNs,
                delayNs,
                jitterMs * MS,
                ordered,
                bitsPerSecond,
                queueBytes);
    }

    LinkModel withDuplicates(double probability) {
        return new LinkModel(
                loss,
                toBad,
                toGood,
                probability,
                reorder,
                reorderNs,
                delayNs,
                jitterNs,
                keepsOrder,
                bitsPerSecond,
                queueBytes);
    }

    LinkModel withReordering(double probability, long heldMs) {
        return new LinkModel(
                loss,
                toBad,
                toGood,
                duplicate,
                probability,
                heldMs * MS,
                delayNs,
                jitterNs,
                keepsOrder,
                bitsPerSecond,
                queueBytes);
    }

    LinkModel withBandwidth(long bits, int bytes) {
        return new LinkModel(
                loss, toBad, toGood, duplicate, reorder, reorderNs, delayNs, jitterNs, keepsOrder, bits, bytes);
    }
}
