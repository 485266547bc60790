package io.fairlead.benchmarks.latency.peer;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells how long to warm up: for so many operations at least, since compilers wait for some thousand calls, and until the medians
 * of blocks of operations have stopped falling; or until the time is up. A fixed
 * time would be far too long for a machine with a compiler that has a core of its own, and too short where the emulated
 * one has to share two cores with processes that poll.
 */
final class WarmUp {
    /** So long without a better block is the end: where cores are emulated and poll, a compiler needs seconds for a method. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);

    private static final double BETTER = 0.97;

    private final long atMostNs;
    private final long leastOperations;
    private final LongSupplier nanoTime;
    private final long startNs;
    private long betterNs;
    private long operations;
    private double best = Double.POSITIVE_INFINITY;

    WarmUp(long atMostNs, long leastOperations, LongSupplier nanoTime) {
        this.atMostNs = atMostNs;
        this.leastOperations = leastOperations;
        this.nanoTime = nanoTime;
        startNs = nanoTime.getAsLong();
        betterNs = startNs;
    }

    /** Takes the times of one more block, and sorts them. @return whether another one is wanted */
    boolean wantsMoreAfter(long[] blockNs) {
        Arrays.sort(blockNs);
        long nowNs = nanoTime.getAsLong();
        double median = blockNs[blockNs.length / 2];
        if (median < best * BETTER) {
            best = median;
            betterNs = nowNs;
        }
        operations += blockNs.length;
        boolean wanted = nowNs - betterNs < PATIENCE_NS || operations < leastOperations;
        return wanted && nowNs - startNs < atMostNs;
    }
}
