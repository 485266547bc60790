package io.fairlead.benchmarks.latency;

import java.io.IOException;
import java.util.Optional;

/** Somebody who is measured. */
interface Competitor {
    String name();

    /** What a reader must know about how it runs. */
    String setUp();

    /** Why it cannot run here, if so. */
    Optional<String> obstacle();

    boolean enters(Exercise exercise);

    /** Starts processes for exercises of one kind. Blocks, within a bound. */
    Session begin() throws IOException, InterruptedException;

    /** Processes that wait while others are measured, and cost next to nothing then. Every method blocks, within a bound. */
    interface Session extends AutoCloseable {
        /** Does an exercise until it is as fast as it gets; nothing is under way when this returns. */
        default void warmUp(Exercise exercise) throws IOException, InterruptedException {}

        /** Does one that is warm; nothing is under way when this returns. */
        LatencySample measure(Exercise exercise, int round) throws IOException, InterruptedException;

        /** Ends the processes. */
        @Override
        default void close() throws IOException {}
    }
}
