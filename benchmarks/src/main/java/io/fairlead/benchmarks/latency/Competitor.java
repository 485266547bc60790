package io.fairlead.benchmarks.latency;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Somebody who is measured. */
interface Competitor {
    String name();

    /** What a reader must know about how it runs. */
    String setUp();

    /** Why it cannot run here, if so. */
    Optional<String> obstacle();

    boolean enters(Exercise exercise);

    /**
     * Runs the exercises one after the other in fresh processes, all of which have ended when this returns. Blocks; each
     * step has a bound.
     *
     * @param samples is told each result at once
     */
    void run(List<Exercise> exercises, int round, Consumer<LatencySample> samples)
            throws IOException, InterruptedException;
}
