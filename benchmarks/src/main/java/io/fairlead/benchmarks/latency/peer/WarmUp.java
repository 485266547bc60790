package io.fairlead.benchmarks.latency.peer;

import java.util.Arrays;

/**
 * Tells how long to warm up: for so many operations at least, since compilers wait for some thousand calls, and until the medians
 * of blocks of operations have stopped falling; or until the time is up. A fixed
 * time would be far too long for a machine with a compiler that has a core of its own, and too short where the emulated
 * one has to share two cores with processes that poll.
 */
final class WarmUp {
    /** So many blocks without a better one are the end. */
    private static final int PATIENCE = 6;

    private static final double BETTER = 0.97;

    private final long atMostNs;
    private final long leastOperations;
    private final long startNs = System.nanoTime();
    private long operations;
    private double best = Double.POSITIVE_INFINITY;
    private int blocksWithoutBetter;

    WarmUp(long atMostNs, long leastOperations) {
        this.atMostNs = atMostNs;
        this.leastOperations = leastOperations;
    }

    /** Takes the times of one more block, and sorts them. @return whether another one is wanted */
    boolean wantsMoreAfter(long[] blockNs) {
        Arrays.sort(blockNs);
        double median = blockNs[blockNs.length / 2];
        if (median < best * BETTER) {
            best = median;
            blocksWithoutBetter = 0;
        } else {
            blocksWithoutBetter++;
        }
        operations += blockNs.length;
        boolean wanted = blocksWithoutBetter < PATIENCE || operations < leastOperations;
        return wanted && System.nanoTime() - startNs < atMostNs;
    }
}
