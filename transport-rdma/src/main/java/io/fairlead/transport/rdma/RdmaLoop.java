package io.fairlead.transport.rdma;

import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.StagingPool;
import io.fairlead.transport.core.StagingPool.Staging;
import io.fairlead.transport.rdma.verbs.AsyncEvent;
import io.fairlead.transport.rdma.verbs.CompletionArray;
import io.fairlead.transport.rdma.verbs.CompletionChannel;
import io.fairlead.transport.rdma.verbs.CompletionQueue;
import io.fairlead.transport.rdma.verbs.Device;
import io.fairlead.transport.rdma.verbs.VerbsException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A poller: one completion queue for all its connections, and its thread. A turn: take what other threads handed over, poll, let
 * connections post, look at the clock. It sleeps as {@link RdmaSettings.Polling} says, and the queue's channel wakes it.
 */
final class RdmaLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(RdmaLoop.class);
    private static final int COMPLETIONS_PER_POLL = 64;
    private static final int MOST_SLEEP_MS = 100;
    private static final int ACKNOWLEDGED_TOGETHER = 64;

    /** So many turns without work may pass between two looks at the clock. */
    private static final int TURNS_BY_ONE_CLOCK = 16;

    private final Thread thread;
    private final RdmaSettings settings;
    private final CompletionChannel channel;
    private final CompletionQueue queue;
    private final CompletionArray completions = new CompletionArray(COMPLETIONS_PER_POLL);
    private final StagingPool stagingPool = new StagingPool();
    private final Staging staging = stagingPool.take();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final BiConsumer<RdmaLoop, Throwable> died;
    private volatile boolean dead;

    /** Guarded by itself, like the two after it. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    private List<RdmaWire> handed = new ArrayList<>();
    private boolean stopping;

    private volatile boolean pending;
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final RdmaCounts counts = new RdmaCounts();
    private final boolean metered;

    // For the loop only.
    private List<RdmaWire> taken = new ArrayList<>();
    private @Nullable RdmaWire[] dirty = new @Nullable RdmaWire[16];
    private @Nullable RdmaWire[] flushing = new @Nullable RdmaWire[16];
    private int dirtyCount;
    private final List<RdmaWire> wires = new ArrayList<>();
    private final Places places = new Places();
    private int queueLeft;
    private int unacknowledged;
    private long nowNs = System.nanoTime();
    private long nextDueNs = Long.MAX_VALUE;

    /**
     * @param metered whether operations are timed: else the clock need not be looked at for each completion
     * @param died told, on the loop's thread, if that ends by a failure; what it had is gone by then
     */
    RdmaLoop(
            String name,
            int number,
            Device device,
            RdmaSettings settings,
            boolean metered,
            BiConsumer<RdmaLoop, Throwable> died)
            throws VerbsException {
        this.settings = settings;
        this.metered = metered;
        this.died = died;
        int depth = Math.min(device.limits().maxCompletionQueueDepth(), 1 << 16);
        channel = device.createCompletionChannel();
        try {
            queue = device.createCompletionQueue(channel, depth, number % Math.max(1, device.completionVectors()));
        } catch (VerbsException e) {
            channel.close();
            throw e;
        }
        queueLeft = queue.depth();
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    CompletionQueue queue() {
        return queue;
    }

    Staging staging() {
        return staging;
    }

    @Override
    public StagingPool stagingPool() {
        return stagingPool;
    }

    RdmaCounts counts() {
        return counts;
    }

    // ---- any thread ----------------------------------------------------------------------------------------------

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** Whether it has ended by a failure: it takes no connections, and will not again. */
    boolean isDead() {
        return dead;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            if (stopping) {
                throw new RejectedExecutionException(thread.getName() + (dead ? " has died" : " has stopped"));
            }
            tasks.add(task);
            pending = true;
        }
        wakeIfSleeping();
    }

    /** A connection of this loop has something to post. */
    void hand(RdmaWire wire) {
        synchronized (tasks) {
            handed.add(wire);
            pending = true;
        }
        wakeIfSleeping();
    }

    private void wakeIfSleeping() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            try {
                channel.wake();
            } catch (VerbsException e) {
                LOG.debug("{} is ending", thread.getName(), e);
            }
        }
    }

    /** Ends the thread once nothing is left of its connections. */
    CompletableFuture<Void> stop() {
        synchronized (tasks) {
            stopping = true;
            pending = true;
        }
        wakeIfSleeping();
        return ended;
    }

    // ---- the loop ------------------------------------------------------------------------------------------------

    @Override
    public long nowNs() {
        return nowNs;
    }

    /** @return its place, or -1 if all completions of another connection do not fit into the queue */
    int adopt(RdmaWire wire, int requests) {
        if (requests > queueLeft) {
            return -1;
        }
        int place = places.take(wire);
        if (place >= 0) {
            queueLeft -= requests;
            wires.add(wire);
        }
        return place;
    }

    /** Gives up the oldest connection whose peer has not shaken hands. @return whether there was one */
    boolean makeRoom() {
        poll();
        for (RdmaWire wire : wires) {
            if (wire.makesRoom()) {
                return true;
            }
        }
        return false;
    }

    /** A queue pair or a completion queue is in error: perhaps of this loop. */
    void failed(AsyncEvent event) {
        if (event.concerns(queue)) {
            throw new Fatal("its completion queue is in error, and completions are lost", null);
        }
        List.copyOf(wires).forEach(wire -> wire.failed(event));
    }

    /** No peer can be reached. */
    void fail(Throwable cause) {
        List.copyOf(wires).forEach(wire -> wire.fail(cause));
    }

    /** Nothing can be posted any more. */
    void lose(String why) {
        List.copyOf(wires).forEach(wire -> wire.lost(why));
    }

    int generation(int place) {
        return places.generation(place);
    }

    void forget(RdmaWire wire, int place, int requests) {
        places.give(place);
        wires.remove(wire);
        queueLeft += requests;
    }

    void dirty(RdmaWire wire) {
        if (dirtyCount == dirty.length) {
            dirty = Arrays.copyOf(dirty, 2 * dirtyCount);
        }
        dirty[dirtyCount++] = wire;
    }

    void due(long atNs) {
        nextDueNs = Math.min(nextDueNs, atNs);
    }

    /** Takes all completions that are there; also for who must see the last of them before it ends. */
    boolean poll() {
        boolean any = false;
        try {
            for (int count = queue.poll(completions); count > 0; count = queue.poll(completions)) {
                if (!any && metered) {
                    nowNs = System.nanoTime(); // later than all began that have completed
                }
                any = true;
                counts.completions += count;
                counts.polls++;
                for (int i = 0; i < count; i++) {
                    completed(i);
                }
                if (count < COMPLETIONS_PER_POLL) {
                    break;
                }
            }
        } catch (VerbsException e) {
            throw new Fatal("polling failed", e);
        }
        return any;
    }

    private void completed(int index) {
        long id = completions.wrId(index);
        RdmaWire wire = places.at(WorkId.place(id), id);
        if (wire == null) {
            return; // of one that was given up
        }
        try {
            if (WorkId.isReceive(id)) {
                wire.received(WorkId.number(id), completions, index);
            } else {
                wire.sent(WorkId.number(id), completions.status(index));
            }
        } catch (RuntimeException | Error e) {
            wire.fail(e);
        }
    }

    private void run() {
        try {
            long workedNs = nowNs;
            int idleTurns = 0;
            while (!isOver()) {
                boolean worked = turn();
                if (!worked && ++idleTurns < TURNS_BY_ONE_CLOCK && settings.polling() != RdmaSettings.Polling.EVENT) {
                    continue; // no pause: the poll is one
                }
                idleTurns = 0;
                nowNs = System.nanoTime();
                if (nowNs - nextDueNs >= 0) {
                    tick();
                }
                if (worked) {
                    workedNs = nowNs;
                } else if (!spinsOn(nowNs - workedNs)) {
                    sleep();
                }
            }
            end(null);
        } catch (Throwable e) {
            LOG.error("{} died; its connections end", thread.getName(), e);
            dead = true;
            end(e);
            died.accept(this, e);
        }
    }

    /** @return whether there was anything to do */
    private boolean turn() {
        boolean worked = pending;
        if (worked) {
            nowNs = System.nanoTime();
            takeOver();
        }
        worked |= poll();
        flush();
        return worked;
    }

    private boolean spinsOn(long idleNs) {
        return switch (settings.polling()) {
            case BUSY -> true;
            case ADAPTIVE -> idleNs < settings.spinUs() * 1000L;
            case EVENT -> false;
        };
    }

    private boolean isOver() {
        if (!pending || !wires.isEmpty()) {
            return false;
        }
        synchronized (tasks) {
            return stopping && tasks.isEmpty();
        }
    }

    private void takeOver() {
        while (true) {
            Runnable task;
            synchronized (tasks) {
                task = tasks.poll();
                if (task == null) {
                    List<RdmaWire> empty = taken;
                    taken = handed;
                    handed = empty;
                    pending = stopping;
                    break;
                }
            }
            run(task);
        }
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).takenOver();
        }
        taken.clear();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Fatal e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("a task on the loop failed", e);
        }
    }

    /** The loop cannot go on. */
    private static final class Fatal extends RuntimeException {
        private static final long serialVersionUID = 1;

        Fatal(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private void flush() {
        int count = dirtyCount;
        if (count == 0) {
            return;
        }
        // A connection may become dirty again while others are flushed; that is for the next turn.
        @Nullable RdmaWire[] now = dirty;
        dirty = flushing;
        flushing = now;
        dirtyCount = 0;
        for (int i = 0; i < count; i++) {
            RdmaWire wire = Objects.requireNonNull(now[i]);
            now[i] = null;
            try {
                wire.flush();
            } catch (RuntimeException | Error e) {
                wire.fail(e);
            }
        }
    }

    private void sleep() {
        sleeping.set(true);
        try {
            if (pending || dirtyCount > 0) {
                return;
            }
            queue.requestNotification(false);
            if (poll()) {
                return; // it came before the request
            }
            long leftNs = nextDueNs - System.nanoTime();
            int ms = (int) Math.clamp(leftNs / 1_000_000 + 1, 0, MOST_SLEEP_MS);
            if (channel.next(ms) != null && ++unacknowledged == ACKNOWLEDGED_TOGETHER) {
                queue.acknowledge(unacknowledged);
                unacknowledged = 0;
            }
        } catch (VerbsException e) {
            throw new Fatal("waiting for completions failed", e);
        } finally {
            sleeping.set(false);
            nowNs = System.nanoTime();
        }
    }

    /** Allocates nothing: it comes with each keep-alive and deadline. */
    private void tick() {
        nextDueNs = Long.MAX_VALUE;
        int count = wires.size();
        for (int i = count - 1; i >= 0 && i < wires.size(); i--) {
            RdmaWire wire = wires.get(i);
            if (nowNs - wire.dueNs() >= 0) {
                try {
                    wire.due(nowNs);
                } catch (RuntimeException | Error e) {
                    wire.fail(e);
                }
            }
            due(wire.dueNs());
        }
        if (wires.size() != count) {
            nextDueNs = nowNs; // some have gone, and others may have been passed over
        }
    }

    /** Nothing is left behind, whatever a connection does: neither a task nor a buffer that somebody waits for. */
    private void end(@Nullable Throwable failure) {
        synchronized (tasks) {
            stopping = true;
        }
        for (Runnable task = last(); task != null; task = last()) {
            tryLast(task);
        }
        for (RdmaWire wire : List.copyOf(wires)) {
            if (failure != null) {
                tryLast(() -> wire.lost("the poller " + thread.getName() + " died: " + failure));
            }
            tryLast(wire::end);
        }
        try {
            queue.close();
            channel.close();
        } catch (VerbsException e) {
            LOG.warn("{}: {}", thread.getName(), e.getMessage());
        }
        ended.complete(null);
    }

    private static void tryLast(Runnable task) {
        try {
            run(task);
        } catch (Fatal e) {
            LOG.debug("a loop that ends cannot poll any more", e);
        }
    }

    private @Nullable Runnable last() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }
}
