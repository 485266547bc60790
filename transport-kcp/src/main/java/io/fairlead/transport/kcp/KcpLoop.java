package io.fairlead.transport.kcp;

import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.StagingPool;
import io.fairlead.transport.core.StagingPool.Staging;
import io.fairlead.transport.kcp.protocol.SlotPool;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of Netty's loops, with what its connections share: places for segments, the train being built, the wheel of deadlines. All is
 * for the loop's thread, but {@link #execute} and {@link #inLoop}.
 */
final class KcpLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(KcpLoop.class);

    private final io.netty.channel.EventLoop netty;
    private final Train train;
    private final SlotPool slots;
    private final StagingPool stagingPool = new StagingPool();
    private final Staging staging;
    private final Conversations conversations;
    private final Deadlines deadlines = new Deadlines(System.nanoTime());
    private List<KcpWire> dirty = new ArrayList<>();
    private List<KcpWire> flushing = new ArrayList<>();
    private boolean flushAwaited;
    private @Nullable Future<?> alarm;
    private long alarmNs = Deadlines.NEVER;

    KcpLoop(io.netty.channel.EventLoop netty, SlotPool slots, Conversations conversations, Train train) {
        this.conversations = conversations;
        this.netty = netty;
        this.slots = slots;
        staging = stagingPool.take();
        this.train = train;
    }

    io.netty.channel.EventLoop netty() {
        return netty;
    }

    SlotPool slots() {
        return slots;
    }

    Staging staging() {
        return staging;
    }

    @Override
    public StagingPool stagingPool() {
        return stagingPool;
    }

    Conversations conversations() {
        return conversations;
    }

    Train train() {
        return train;
    }

    @Override
    public boolean inLoop() {
        return netty.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        netty.execute(task);
    }

    @Override
    public long nowNs() {
        return System.nanoTime();
    }

    /** A connection has something to send, or something to do that must not be done where it was noticed. */
    void dirty(KcpWire wire) {
        dirty.add(wire);
        if (!flushAwaited) {
            flushAwaited = true;
            netty.execute(this::flush);
        }
    }

    /** Lets the connections send; at the end of what the loop does at once. */
    void flush() {
        flushAwaited = false;
        if (dirty.isEmpty()) {
            return;
        }
        // A connection may become dirty again meanwhile; that is for the next turn.
        List<KcpWire> now = dirty;
        dirty = flushing;
        flushing = now;
        for (int i = 0; i < now.size(); i++) {
            KcpWire wire = now.get(i);
            try {
                wire.flush();
            } catch (RuntimeException e) {
                LOG.error("{} to {} failed; it ends alone", wire.local(), wire.remote(), e);
                wire.fail(e);
                wire.end();
            }
        }
        now.clear();
    }

    void due(Deadlines.Member member, long dueNs) {
        deadlines.set(member, dueNs);
        if (dueNs < alarmNs) {
            arm(deadlines.nextNs());
        }
    }

    private void arm(long atNs) {
        Future<?> before = alarm;
        if (before != null) {
            before.cancel(false);
            alarm = null;
        }
        alarmNs = atNs;
        if (atNs != Deadlines.NEVER) {
            alarm = netty.schedule(this::ring, Math.max(0, atNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void ring() {
        alarm = null;
        alarmNs = Long.MIN_VALUE; // members that set themselves now need no alarm of their own
        try {
            deadlines.serve(System.nanoTime());
            flush();
        } catch (RuntimeException e) {
            LOG.error("a deadline failed, the others of the loop were served", e);
        } finally {
            arm(deadlines.nextNs());
        }
    }
}
