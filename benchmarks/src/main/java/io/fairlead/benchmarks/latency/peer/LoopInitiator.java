package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Operations driven by what comes back, on the connection's loop. One object for all of them: nothing is allocated. */
abstract class LoopInitiator implements Initiator, Completion {
    private final Connection connection;
    private final Semaphore ended = new Semaphore(0);
    private volatile @Nullable String failed;
    private final AtomicInteger done = new AtomicInteger();
    private long[] timesNs = {};
    private int next;
    private long lastNs;
    int bytes;

    LoopInitiator(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    void prepare(int payloadBytes) {
        bytes = payloadBytes;
    }

    @Override
    public void run(long[] times) throws InterruptedException {
        onLoop(() -> {
            timesNs = times;
            next = 0;
            lastNs = System.nanoTime();
            begin(times.length);
        });
        awaitEnd();
    }

    /** On the loop, which all the rest runs on: a fence with nothing before it ends there at once. */
    final void onLoop(Runnable task) {
        check(connection.tryFence(BOUND_NS, (context, failure, value) -> task.run(), 0));
    }

    /** Waits as {@link #run} does. */
    final void awaitEnd() throws InterruptedException {
        int before = -1;
        while (!ended.tryAcquire(BOUND_NS, TimeUnit.NANOSECONDS)) {
            if (done.get() == before) {
                throw new IllegalStateException("no operation has ended within " + BOUND_NS / 1_000_000_000 + " s");
            }
            before = done.get();
        }
        String failure = failed;
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Starts the first operations, of so many altogether. */
    abstract void begin(int operations);

    /** One has ended. @return whether that was the last one */
    final boolean endedOne() {
        long now = System.nanoTime();
        timesNs[next++] = now - lastNs;
        lastNs = now;
        done.lazySet(next); // without a fence, which would be measured, too
        if (next == timesNs.length) {
            end();
            return true;
        }
        return false;
    }

    final void check(long answer) {
        if (answer < 0) {
            fail("refused: " + ErrorCode.ofRefusal(answer));
        }
    }

    final void end() {
        ended.release();
    }

    final void fail(String why) {
        failed = why;
        end();
    }

    final void fail(TransportException failure) {
        fail(Objects.toString(failure));
    }
}
