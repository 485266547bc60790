package io.fairlead.benchmarks;

/** How a contestant waits for the network: asleep in the kernel, or burning a core. Only like is compared with like. */
public enum Waiting {
    SLEEP,
    SPIN,
    /** Of a workload only: either kind of contestant may enter. */
    EITHER;

    boolean admits(Waiting contestant) {
        return this == EITHER || this == contestant;
    }
}
