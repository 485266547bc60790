package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.StagingPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of one transport: runs tasks, moves the bytes of its wires, and sleeps until something is due. */
final class MemoryLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryLoop.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long LONGEST_SLEEP_NS = 1_000_000_000L;

    private final Thread thread = Thread.ofPlatform()
            .daemon()
            .name("fairlead-memory-" + NUMBER.incrementAndGet())
            .unstarted(this::run);
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<MemoryWire> wires = new ArrayList<>();
    private final StagingPool stagingPool = new StagingPool();
    private boolean stopped;
    private volatile boolean paused;
    private long nowNs = System.nanoTime();

    void start() {
        thread.start();
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public StagingPool stagingPool() {
        return stagingPool;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            if (stopped) {
                throw new RejectedExecutionException("the loop has stopped");
            }
            tasks.add(task);
        }
        wake();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** The thread stands still until {@link #resume}: to its peers, a black hole. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        wake();
    }

    /** Ends after the tasks that are queued. */
    CompletableFuture<@Nullable Void> stop() {
        synchronized (tasks) {
            stopped = true;
        }
        resume();
        return ended.copy();
    }

    void add(MemoryWire wire) {
        wires.add(wire);
    }

    void remove(MemoryWire wire) {
        wires.remove(wire);
    }

    private void run() {
        while (!isOver()) {
            if (paused) {
                LockSupport.park(this);
                continue;
            }
            nowNs = System.nanoTime();
            runTasks();
            boolean moved = false;
            long dueNs = nowNs + LONGEST_SLEEP_NS;
            for (MemoryWire wire : List.copyOf(wires)) {
                moved |= wire.turn(nowNs);
                dueNs = wire.earlier(dueNs);
            }
            long sleepNs = dueNs - System.nanoTime();
            if (!moved && sleepNs > 0 && !hasTasks()) {
                LockSupport.parkNanos(this, sleepNs);
            }
        }
        // Connected after the transport had ended all that it knew.
        List.copyOf(wires).forEach(MemoryWire::stopped);
        ended.complete(null);
    }

    private void runTasks() {
        for (Runnable task = nextTask(); task != null; task = nextTask()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a task of the loop failed", e);
            }
        }
    }

    private @Nullable Runnable nextTask() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }

    private boolean hasTasks() {
        synchronized (tasks) {
            return !tasks.isEmpty();
        }
    }

    private boolean isOver() {
        synchronized (tasks) {
            return stopped && tasks.isEmpty();
        }
    }
}
