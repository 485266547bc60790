package io.fairlead.benchmarks.latency.peer;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The thread that looks at memory: one for the life of the process, so that what it allocates can be counted. */
final class Worker {
    /** Work that may fail. */
    interface Task {
        void run() throws Exception;
    }

    private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Object> ends = new ArrayBlockingQueue<>(1);

    Worker() {
        Thread.ofPlatform().daemon().name("ping-pong").start(this::loop);
    }

    /** Begins it. It must have been awaited before the next one begins. */
    void begin(Task task) {
        tasks.add(task);
    }

    /** @throws IllegalStateException if it failed, or has not ended within the bound */
    void awaitEnd(long boundNs) throws InterruptedException {
        @Nullable Object end = ends.poll(boundNs, TimeUnit.NANOSECONDS);
        if (end == null) {
            throw new IllegalStateException("not ended within " + boundNs / 1_000_000 + " ms");
        }
        if (end instanceof Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void loop() {
        try {
            while (true) {
                Task task = tasks.take();
                try {
                    task.run();
                    ends.add(this);
                } catch (Exception e) {
                    ends.add(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
