package io.fairlead.transport.tcp;

import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.StagingPool;
import io.fairlead.transport.core.StagingPool.Staging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One selector and its thread. A turn: take what other threads handed over, read what is ready, write what became
 * due, look at the clock. Before it sleeps it polls for as long as {@link Polling} allows. While it polls, it reads the few connections it has directly, since asking the selector costs as much
 * as asking the socket.
 */
final class TcpEventLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TcpEventLoop.class);

    /** Polled directly up to so many connections; beyond, the selector is cheaper. */
    private static final int POLLED_DIRECTLY = 4;

    /** While polling, how often the selector is asked for what is not polled directly: every quarter of a millisecond or so. */
    private static final int SELECT_EVERY = 512;

    private final Thread thread;
    private final Selector selector;
    private final Polling polling;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Guarded by itself, like the two after it. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    private List<TcpWire> handed = new ArrayList<>();
    private boolean stopping;

    private volatile boolean pending;
    private final AtomicBoolean sleeping = new AtomicBoolean();

    // For the loop only.
    private List<TcpWire> taken = new ArrayList<>();
    private List<TcpWire> dirty = new ArrayList<>();
    private List<TcpWire> flushing = new ArrayList<>();
    private final Set<Ready> members = new LinkedHashSet<>();
    private final List<TcpWire> wires = new ArrayList<>();
    private final Consumer<SelectionKey> onReady = this::ready;
    /** Read into by all connections of the loop in turn, so that it stays in the cache; nothing is left in it after a turn. */
    private final Staging staging;

    private final StagingPool stagingPool = new StagingPool();

    private long nowNs = System.nanoTime();
    private long nextDueNs = Long.MAX_VALUE;
    private boolean worked;

    /** Connections that wait until the kernel takes more, which only the selector can tell. */
    private int blocked;

    TcpEventLoop(String name, Polling polling) {
        this.polling = polling;
        staging = stagingPool.take();
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a selector", e);
        }
    }

    void start() {
        thread.start();
    }

    Staging staging() {
        return staging;
    }

    @Override
    public StagingPool stagingPool() {
        return stagingPool;
    }

    // ---- any thread --------------------------------------------------------------------------------------------

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            if (stopping) {
                throw new RejectedExecutionException(thread.getName() + " has stopped");
            }
            tasks.add(task);
            pending = true;
        }
        wakeIfSleeping();
    }

    /** A connection of this loop has something to write. */
    void hand(TcpWire wire) {
        synchronized (tasks) {
            handed.add(wire);
            pending = true;
        }
        wakeIfSleeping();
    }

    private void wakeIfSleeping() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    CompletableFuture<Void> stop() {
        synchronized (tasks) {
            stopping = true;
            pending = true;
        }
        selector.wakeup();
        return ended;
    }

    // ---- the loop ----------------------------------------------------------------------------------------------

    @Override
    public long nowNs() {
        return nowNs;
    }

    SelectionKey register(SelectableChannel channel, int interest, Ready member) throws ClosedChannelException {
        members.add(member);
        if (member instanceof TcpWire wire) {
            wires.add(wire);
        }
        return channel.register(selector, interest, member);
    }

    /** A channel that is registered changes what it is attached to. */
    void adopt(SelectionKey key, TcpWire wire) {
        members.add(wire);
        wires.add(wire);
        key.attach(wire);
    }

    void blocked(int change) {
        blocked += change;
    }

    /** Lets go of the keys of closed channels at once, so that their descriptors and ports are free. */
    void letGo() {
        try {
            selector.selectNow(onReady);
        } catch (IOException e) {
            LOG.warn("{}: selecting failed", thread.getName(), e);
        }
    }

    void forget(Ready member) {
        members.remove(member);
        if (member instanceof TcpWire wire) {
            wires.remove(wire);
        }
    }

    void dirty(TcpWire wire) {
        dirty.add(wire);
    }

    /** A member wants its tick at this time. */
    void due(long atNs) {
        if (atNs != Long.MAX_VALUE && (nextDueNs == Long.MAX_VALUE || atNs - nextDueNs < 0)) {
            nextDueNs = atNs;
        }
    }

    private void run() {
        try {
            int polls = 0;
            while (!isStopping()) {
                worked = false;
                if (pending) {
                    takeOver();
                    flush();
                }
                nowNs = System.nanoTime();
                if (polling.goesOn(nowNs)) {
                    poll(polls++);
                } else {
                    sleep();
                }
                flush();
                if (worked) {
                    polling.worked(nowNs);
                }
                if (nextDueNs != Long.MAX_VALUE && nowNs - nextDueNs >= 0) {
                    tick();
                }
            }
        } catch (Throwable e) {
            LOG.error("{} died", thread.getName(), e);
        } finally {
            end();
        }
    }

    private boolean isStopping() {
        if (!pending) {
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
                    List<TcpWire> empty = taken;
                    taken = handed;
                    handed = empty;
                    pending = stopping;
                    break;
                }
            }
            run(task);
        }
        worked = true;
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).takenOver();
        }
        taken.clear();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a task on the loop failed", e);
        }
    }

    private void flush() {
        if (dirty.isEmpty()) {
            return;
        }
        // A connection may become dirty again while others are flushed; that is for the next turn.
        List<TcpWire> now = dirty;
        dirty = flushing;
        flushing = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).flush();
        }
        now.clear();
    }

    private void poll(int turn) throws IOException {
        if (wires.size() > POLLED_DIRECTLY || blocked > 0 || turn % SELECT_EVERY == 0) {
            selector.selectNow(onReady);
        }
        if (wires.size() <= POLLED_DIRECTLY) {
            for (int i = wires.size() - 1; i >= 0; i--) {
                worked |= wires.get(i).poll();
            }
        }
        if (!worked && polling.mayYield()) {
            Thread.yield(); // perhaps the peer waits for this very core
        } else if (!worked) {
            Thread.onSpinWait();
        }
    }

    private void sleep() throws IOException {
        sleeping.set(true);
        try {
            if (pending || !dirty.isEmpty()) {
                selector.selectNow(onReady);
                return;
            }
            long timeoutMs = 0; // for ever
            if (nextDueNs != Long.MAX_VALUE) {
                timeoutMs = Math.max(1, (nextDueNs - System.nanoTime() + 999_999) / 1_000_000);
            }
            selector.select(onReady, timeoutMs);
        } finally {
            sleeping.set(false);
            nowNs = System.nanoTime();
        }
    }

    private void ready(SelectionKey key) {
        worked = true;
        sleeping.setPlain(false);
        nowNs = System.nanoTime();
        ((Ready) key.attachment()).ready(key);
    }

    private void tick() {
        nextDueNs = Long.MAX_VALUE;
        for (Ready member : members.toArray(Ready[]::new)) {
            long due = member.dueNs();
            if (due != Long.MAX_VALUE && nowNs - due >= 0) {
                run(() -> member.tick(nowNs));
                due = member.dueNs();
            }
            due(due);
        }
    }

    private void end() {
        synchronized (tasks) {
            stopping = true;
        }
        for (Ready member : members.toArray(Ready[]::new)) {
            run(member::stopped);
        }
        while (true) {
            Runnable task;
            synchronized (tasks) {
                task = tasks.poll();
            }
            if (task == null) {
                break;
            }
            run(task);
        }
        closeQuietly(selector);
        ended.complete(null);
    }

    static void closeQuietly(@Nullable AutoCloseable closeable) {
        if (closeable == null) {
            return;
        }
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.debug("closing {}", closeable instanceof Channel ? "a channel" : "a selector", e);
        }
    }
}
