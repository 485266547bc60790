package io.fairlead.benchmarks.latency.peer;

import java.util.concurrent.TimeUnit;

/** The client's part of an exercise. */
interface Initiator {
    /** The longest that nothing may happen. */
    long BOUND_NS = TimeUnit.SECONDS.toNanos(30);

    /**
     * Does as many operations as there are places, one after the other or, for bandwidth, many at once, and tells how long
     * each took, a ping-pong's whole round trip. Blocks, at the longest {@link #BOUND_NS} beyond the last progress.
     *
     * @throws IllegalStateException if an operation fails or does not end
     */
    void run(long[] timesNs) throws InterruptedException;
}
