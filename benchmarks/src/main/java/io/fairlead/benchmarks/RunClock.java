package io.fairlead.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Leads the lanes through warm-up, measurement and drain from a thread of its own, and takes the readings at both ends of
 * the measured window. It samples the lanes' counters, so operations cost no clock reading.
 */
final class RunClock implements Runnable {
    /** Seldom enough not to disturb a spinning contestant on a machine with few cores. */
    private static final long POLL_MS = 50;

    /** Readings at one instant. */
    private record Reading(long atNs, ProcessUsage usage, long[] completed) {
        long operations() {
            long sum = 0;
            for (long count : completed) {
                sum += count;
            }
            return sum;
        }
    }

    private final List<Lane> lanes;
    private final RunPhase phase;
    private final RunLength length;
    private final Consumer<String> milestones;
    private @Nullable Reading begin;
    private @Nullable Reading end;

    /** @param milestones is told "begin" and "end" of the measured window at once, so that the server can be read too */
    RunClock(List<Lane> lanes, RunPhase phase, RunLength length, Consumer<String> milestones) {
        this.lanes = lanes;
        this.phase = phase;
        this.length = length;
        this.milestones = milestones;
    }

    @Override
    public void run() {
        try {
            awaitEnd(length.warmUp());
            begin = read();
            milestones.accept("begin");
            phase.measure();
            awaitEnd(length.measure());
            end = read();
            milestones.accept("end");
        } catch (InterruptedException e) {
            lanes.forEach(lane -> lane.fail(e));
        } finally {
            phase.stop();
        }
    }

    /** After the run: what happened in the measured window. */
    ClientReport report(long expectedChecksum, long targetChecksum) {
        Reading from = begin;
        Reading to = end;
        if (from == null || to == null) {
            throw new IllegalStateException("the run ended before its measured window did");
        }
        long minPerLane = Long.MAX_VALUE;
        for (int i = 0; i < lanes.size(); i++) {
            minPerLane = Math.min(minPerLane, to.completed[i] - from.completed[i]);
        }
        return new ClientReport(
                to.operations() - from.operations(),
                to.atNs - from.atNs,
                minPerLane,
                to.usage.since(from.usage),
                Latency.of(lanes),
                expectedChecksum,
                targetChecksum);
    }

    private void awaitEnd(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        long maxOperations =
                length.maxBytesPerPhase() / lanes.getFirst().workload().payloadBytes();
        long startedWith = read().operations();
        while (System.nanoTime() - start < limit.toNanos() && read().operations() - startedWith < maxOperations) {
            Thread.sleep(Math.clamp((limit.toNanos() - (System.nanoTime() - start)) / 1_000_000, 1, POLL_MS));
        }
    }

    private Reading read() {
        long[] completed = new long[lanes.size()];
        for (int i = 0; i < completed.length; i++) {
            completed[i] = lanes.get(i).completedCount();
        }
        return new Reading(System.nanoTime(), ProcessUsage.now(), completed);
    }
}
