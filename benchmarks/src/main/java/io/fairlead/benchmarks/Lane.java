package io.fairlead.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * One connection's share of a run. It hands out operations and counts their completions; the contestant moves the bytes.
 *
 * <p>A lane belongs to one thread: whoever calls {@link #next} and {@link #completed}. An engine that completes on a loop
 * of its own starts the first window there too. {@link #completedCount} and {@link #await} are for everyone.
 *
 * <pre>{@code
 * while (lane.mayStart()) {
 *     long op = lane.next();
 *     write(source + lane.sourceOffset(op), target + lane.targetOffset(op), whenDone -> { lane.completed(1); refill(); });
 * }
 * }</pre>
 */
public final class Lane {
    private static final VarHandle COMPLETED;

    static {
        try {
            COMPLETED = MethodHandles.lookup().findVarHandle(Lane.class, "completed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Workload workload;
    private final int connection;
    private final OpSequence sequence;
    private final RunPhase phase;
    private final boolean timed;
    private final Histogram latencyNs = new Histogram(60_000_000_000L, 3);
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private long started;
    private long startedAtNs;
    private long completed;

    Lane(Workload workload, int connection, long seed, RunPhase phase) {
        this.workload = workload;
        this.connection = connection;
        this.phase = phase;
        sequence = new OpSequence(workload, connection, seed);
        timed = workload.inFlight() == 1;
    }

    public Workload workload() {
        return workload;
    }

    public int connection() {
        return connection;
    }

    /** Whether one more operation may be started now: the window has room and the run is not over. */
    public boolean mayStart() {
        if (phase.stopping()) {
            drainedIfIdle();
            return false;
        }
        return inFlight() < workload.inFlight();
    }

    /** Starts one operation and returns its number, counted from 0. Ask {@link #mayStart} before. */
    public long next() {
        if (timed) {
            startedAtNs = System.nanoTime();
        }
        return started++;
    }

    public long sourceOffset(long op) {
        return sequence.sourceOffset(op);
    }

    public long targetOffset(long op) {
        return sequence.targetOffset(op);
    }

    public int inFlight() {
        return (int) (started - completed);
    }

    /** The number of operations completed; they complete in any order, so this is no operation's number. */
    public long completedCount() {
        return (long) COMPLETED.getOpaque(this);
    }

    /** Says that {@code count} more operations have ended: their bytes stand in the target. */
    public void completed(long count) {
        if (timed && phase.measuring()) {
            latencyNs.recordValue(Math.min(System.nanoTime() - startedAtNs, latencyNs.getHighestTrackableValue()));
        }
        COMPLETED.setOpaque(this, completed + count);
        if (phase.stopping()) {
            drainedIfIdle();
        }
    }

    /** True once the run is over and nothing is in flight. */
    public boolean finished() {
        return phase.stopping() && inFlight() == 0;
    }

    /** Ends the run with an error. Any thread. */
    public void fail(Throwable cause) {
        drained.completeExceptionally(cause);
    }

    /** Waits until every lane has drained; throws what a lane failed with. */
    public static void await(Iterable<Lane> lanes) {
        for (Lane lane : lanes) {
            lane.drained.join();
        }
    }

    Histogram latencyNs() {
        return latencyNs;
    }

    private void drainedIfIdle() {
        if (inFlight() == 0) {
            drained.complete(null);
        }
    }
}
