package io.fairlead.transport.kcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.core.OutputBatch;
import io.fairlead.transport.core.Wire;
import io.fairlead.transport.kcp.protocol.Kcp;
import io.fairlead.transport.kcp.protocol.KcpConfig;
import io.fairlead.transport.kcp.protocol.KcpState;
import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One conversation and its engine: the frames of the SPI as a stream over KCP. Payload goes from the datagram straight to its region.
 * For the loop, but {@link #wantOutput()}.
 */
final class KcpWire extends Deadlines.Member implements Wire {
    /** After the engine's end, until the peer has acknowledged what it said last. */
    private static final long LINGER_NS = Duration.ofSeconds(1).toNanos();

    /** Then, until the peer knows that the conversation is over. */
    private static final long CLOSING_NS = Duration.ofMillis(400).toNanos();

    private static final long CLOSE_EVERY_NS = Duration.ofMillis(50).toNanos();

    /**
     * What the acknowledgement of a message may wait for another frame, as a part of the round trip and at most: alone it costs two
     * datagrams, itself and KCP's own acknowledgement of it.
     */
    private static final int DELAY_PARTS = 2;

    private static final long MAX_DELAY_NS = Duration.ofMillis(20).toNanos();

    /** Who carries the datagrams of a wire, and what surrounds them. */
    interface Owner {
        Channel channel();

        /** Tells the peer that the conversation is over. @return false if the dialect has no word for that */
        boolean sayClose(KcpWire wire);

        /** The wire has nothing left to do. */
        void ended(KcpWire wire);
    }

    private enum Phase {
        OPEN,
        LINGERING,
        CLOSING,
        ENDED
    }

    private final KcpLoop loop;
    private final Owner owner;
    private final InetSocketAddress address;
    private final Endpoint local;
    private final Endpoint remote;
    private final long secret;
    private final Kcp kcp;
    private final AtomicBoolean handed = new AtomicBoolean();
    private @Nullable Engine engine;

    /** What of the stream the engine has not taken yet: less than a header, or than a handshake. */
    private final MemorySegment rest = MemorySegment.ofArray(new byte[Handshake.MAX_BYTES]);

    private int kept;
    private Phase phase = Phase.OPEN;
    private boolean dirty;
    private boolean peerClosed;
    private long phaseEndNs;

    /**
     * @param secret that both sides know and nobody else, to end the conversation by
     */
    KcpWire(
            KcpLoop loop,
            Owner owner,
            InetSocketAddress local,
            InetSocketAddress remote,
            int conversation,
            long secret,
            KcpConfig config) {
        this.loop = loop;
        this.owner = owner;
        this.address = remote;
        this.local = Endpoint.of(local);
        this.remote = Endpoint.of(remote);
        this.secret = secret;
        this.kcp = new Kcp(
                conversation,
                config,
                loop.slots(),
                loop.train(),
                (b, at, length, more) -> take(b, at, length),
                loop.nowNs());
    }

    void start(Engine driven) {
        engine = driven;
        loop.conversations().opened(kcp);
        driven.start();
        markDirty();
    }

    int conversation() {
        return kcp.conversation();
    }

    long secret() {
        return secret;
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public Endpoint local() {
        return local;
    }

    @Override
    public Endpoint remote() {
        return remote;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void wantOutput() {
        if (loop.inLoop()) {
            markDirty();
        } else if (!handed.get() && handed.compareAndSet(false, true)) {
            loop.execute(this::takenOver);
        }
    }

    @Override
    public long acknowledgementDelayNs() {
        return Math.min(MAX_DELAY_NS, kcp.smoothedRttNs() / DELAY_PARTS);
    }

    private void takenOver() {
        handed.set(false);
        markDirty();
    }

    private void markDirty() {
        if (!dirty && phase != Phase.ENDED) {
            dirty = true;
            loop.dirty(this);
        }
    }

    // ---- what comes ----------------------------------------------------------------------------------------------

    /** A datagram of KCP from this wire's peer. */
    void datagram(MemorySegment bytes, int length) {
        if (phase == Phase.OPEN || phase == Phase.LINGERING) {
            try {
                kcp.input(bytes, 0, length, loop.nowNs());
            } catch (RuntimeException e) { // an application closed memory in use, or an acceptor threw
                fail(e);
            }
        }
        markDirty(); // in the last phase: to say again that it is over
    }

    private int take(MemorySegment bytes, long offset, int length) {
        Engine driven = engine;
        if (phase != Phase.OPEN || driven == null) {
            return length;
        }
        if (kept == 0) {
            keep(bytes, driven.receive(bytes, offset, offset + length), offset + length);
            return length;
        }
        // A header was cut in two: put it together again, with what follows.
        MemorySegment staging = loop.staging().segment();
        MemorySegment.copy(rest, 0, staging, 0, kept);
        MemorySegment.copy(bytes, offset, staging, kept, length);
        int staged = kept + length;
        keep(staging, driven.receive(staging, 0, staged), staged);
        return length;
    }

    private void keep(MemorySegment bytes, long from, long to) {
        kept = phase == Phase.OPEN ? (int) (to - from) : 0;
        MemorySegment.copy(bytes, from, rest, 0, kept);
    }

    /** The peer says that the conversation is over. */
    void closedByPeer() {
        peerClosed = true;
        if (phase == Phase.OPEN) {
            Objects.requireNonNull(engine).wireFailed(null);
        }
        markDirty();
    }

    void fail(Throwable cause) {
        if (phase == Phase.OPEN) {
            Objects.requireNonNull(engine).wireFailed(cause);
        }
    }

    // ---- what goes -----------------------------------------------------------------------------------------------

    /** The socket takes datagrams again. */
    void writable() {
        markDirty();
    }

    /** Sends what the engine has and KCP may send. Not from within the engine of KCP. */
    void flush() {
        dirty = false;
        long now = loop.nowNs();
        switch (phase) {
            case OPEN -> {
                try {
                    fill(Objects.requireNonNull(engine));
                } catch (RuntimeException e) {
                    fail(e);
                }
                sendKcp(now);
                notice();
            }
            case LINGERING -> linger(now);
            case CLOSING -> owner.sayClose(this);
            case ENDED -> {
                return;
            }
        }
        loop.due(this, dueNs());
    }

    private void fill(Engine driven) {
        while (phase == Phase.OPEN && kcp.writable()) {
            OutputBatch batch = driven.output();
            if (batch.isEmpty() || !driven.written(queue(batch))) {
                return;
            }
        }
    }

    private long queue(OutputBatch batch) {
        ByteBuffer[] buffers = batch.buffers();
        long total = 0;
        for (int i = batch.offset(), end = i + batch.count(); i < end; i++) {
            total += Math.max(0, kcp.send(buffers[i]));
            if (buffers[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    private void sendKcp(long now) {
        if (!owner.channel().isWritable()) {
            return; // the kernel takes no more for now; the owner says when it does
        }
        loop.train().towards(owner.channel(), address);
        kcp.flush(now);
        loop.train().depart();
    }

    private void notice() {
        KcpState state = kcp.state();
        if (state != KcpState.OPEN && phase == Phase.OPEN) {
            fail(new IOException("the peer does not answer: " + state));
        }
    }

    // ---- time and end --------------------------------------------------------------------------------------------

    private long dueNs() {
        // What KCP wants to send waits until the socket takes it, not until a time.
        long kcpDueNs = owner.channel().isWritable() ? kcp.nextDeadlineNs() : Deadlines.NEVER;
        return switch (phase) {
            case OPEN -> Math.min(kcpDueNs, Objects.requireNonNull(engine).dueNs());
            case LINGERING -> Math.min(kcpDueNs, phaseEndNs);
            case CLOSING -> Math.min(loop.nowNs() + CLOSE_EVERY_NS, phaseEndNs);
            case ENDED -> Deadlines.NEVER;
        };
    }

    @Override
    void due(long nowNs) {
        Engine driven = engine;
        if (phase == Phase.OPEN && driven != null && driven.dueNs() <= nowNs) {
            try {
                driven.tick(nowNs);
            } catch (RuntimeException e) {
                fail(e);
            }
        }
        if (phase == Phase.CLOSING && nowNs >= phaseEndNs) {
            end();
        }
        markDirty();
    }

    @Override
    public void close(boolean farewell) {
        if (phase != Phase.OPEN) {
            return;
        }
        phase = Phase.LINGERING;
        phaseEndNs = loop.nowNs() + LINGER_NS;
        markDirty(); // perhaps from within KCP: the rest is for later
    }

    private void linger(long now) {
        boolean spoken = kcp.state() != KcpState.OPEN || kcp.waitSend() == 0;
        if (!peerClosed && !spoken && now < phaseEndNs) {
            sendKcp(now);
            return;
        }
        if (!peerClosed && spoken) {
            sendKcp(now); // the last acknowledgements
        }
        if (peerClosed || !owner.sayClose(this)) {
            end();
            return;
        }
        phase = Phase.CLOSING;
        phaseEndNs = now + CLOSING_NS;
    }

    /** The peer knows that it is over. */
    void end() {
        if (phase == Phase.ENDED) {
            return;
        }
        boolean open = phase == Phase.OPEN;
        phase = Phase.ENDED;
        Engine driven = engine;
        if (open && driven != null) {
            driven.abort(new TransportException(ErrorCode.CLOSED, "the transport is closed"));
        }
        kcp.close();
        loop.conversations().ended(kcp);
        loop.due(this, Deadlines.NEVER);
        owner.ended(this);
    }
}
