package io.fairlead.benchmarks.latency.peer;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread's writes into the peer's inbox, and its waiting for the peer's in ours. Looking at memory keeps a core busy; where
 * that core is also wanted by what delivers the bytes, {@code yieldEvery} lets go of it between looks.
 */
final class Exchanges implements Completion {
    /** The longest that nothing may happen. */
    static final long BOUND_NS = TimeUnit.SECONDS.toNanos(30);

    private static final int CHECK_EVERY = 1024;

    private final PeerMemory memory;
    private final Connection connection;
    private final RegionDescriptor target;
    private final int yieldEvery;
    private long submitted;
    private volatile long released;
    private volatile @Nullable TransportException failed;
    private volatile boolean stopped;

    /** @param yieldEvery so many looks between two yields; 0 for never */
    Exchanges(PeerMemory memory, Connection connection, RegionDescriptor target, int yieldEvery) {
        this.memory = memory;
        this.connection = connection;
        this.target = target;
        this.yieldEvery = yieldEvery;
    }

    void write(long exchange, int bytes) {
        awaitReleased(submitted - PeerMemory.SLOTS + 1);
        long slot = memory.stamp(exchange, bytes);
        long answer = tryWrite(slot, bytes);
        for (int looks = 1; answer < 0; looks++) {
            if (ErrorCode.ofRefusal(answer) != ErrorCode.BACK_PRESSURED) {
                throw new IllegalStateException("write refused: " + ErrorCode.ofRefusal(answer));
            }
            pause(looks);
            answer = tryWrite(slot, bytes);
        }
        submitted++;
    }

    private long tryWrite(long slot, int bytes) {
        return connection.tryWrite(memory.outbox(), slot, target, 0, bytes, BOUND_NS, this, 0);
    }

    /** @return false if {@link #stop} was called instead */
    boolean awaitArrival(long exchange, int bytes) {
        long deadline = 0;
        for (int looks = 1; !memory.hasArrived(exchange, bytes); looks++) {
            if (looks % CHECK_EVERY == 0) {
                if (stopped) {
                    return false;
                }
                deadline = check(deadline, "has not arrived: exchange ", exchange);
            }
            pause(looks);
        }
        return true;
    }

    /** Until the transport no longer uses what was written from. */
    void awaitAllReleased() {
        awaitReleased(submitted);
    }

    private void awaitReleased(long count) {
        long deadline = 0;
        for (int looks = 1; released < count; looks++) {
            if (looks % CHECK_EVERY == 0) {
                deadline = check(deadline, "has not completed: write ", count);
            }
            pause(looks);
        }
    }

    private long check(long deadline, String what, long number) {
        TransportException failure = failed;
        if (failure != null) {
            throw new IllegalStateException("a write failed", failure);
        }
        long now = System.nanoTime();
        if (deadline == 0) {
            return now + BOUND_NS;
        }
        if (now - deadline > 0) {
            throw new IllegalStateException("within " + BOUND_NS / 1_000_000_000 + " s " + what + number);
        }
        return deadline;
    }

    private void pause(int looks) {
        if (yieldEvery > 0 && looks % yieldEvery == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    /** Ends a wait for the peer's next write. Any thread. */
    void stop() {
        stopped = true;
    }

    void start() {
        stopped = false;
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            failed = failure;
        }
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // only the connection's loop writes it
    public void released(long context) {
        released++;
    }
}
