package io.fairlead.transport.core;

import java.util.concurrent.Executor;

/** The one thread that moves the bytes of some connections, as their engines see it. */
public interface EventLoop extends Executor {
    /** Whether the caller is this loop's thread. */
    boolean inLoop();

    /** Runs a task on the loop soon. Any thread; runs nothing after the loop has stopped, and then throws {@link java.util.concurrent.RejectedExecutionException}. */
    @Override
    void execute(Runnable task);

    /** {@link System#nanoTime()} as of this turn of the loop; for the loop's thread. */
    long nowNs();
}
