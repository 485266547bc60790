package io.fairlead.benchmarks;

/** Where a run stands: warming up, measuring, draining. Set by the clock's thread, read by the lanes. */
final class RunPhase {
    private volatile boolean measuring;
    private volatile boolean stopping;

    boolean measuring() {
        return measuring;
    }

    boolean stopping() {
        return stopping;
    }

    void measure() {
        measuring = true;
    }

    void stop() {
        measuring = false;
        stopping = true;
    }
}
