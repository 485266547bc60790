package io.fairlead.transport.core;

import java.util.concurrent.Executor;

/** The one thread that moves the bytes of some connections, as their engines see it. */
public interface EventLoop extends Executor {
    /** Whether the caller is this loop's thread. */
    boolean inLoop();

    /** Runs a task on the loop soon. Any thread; runs nothing after the loop has stopped, and then throws {@link java.util.concurrent.RejectedExecutionException}. */
    @Override
    void execute(Runnable task);

    /** Staging buffers that the connections of this loop share over time; for the loop's thread. */
    StagingPool stagingPool();

    /** {@link System#nanoTime()} as of this turn of the loop; for the loop's thread. */
    long nowNs();
}
