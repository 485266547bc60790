package io.fairlead.transport.tcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.core.OutputBatch;
import io.fairlead.transport.core.StagingPool.Staging;
import io.fairlead.transport.core.Wire;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A socket and its engine. Large payloads are read straight into their region and written straight from it, each by a
 * call of its own; everything else goes through a staging buffer. Gathering and scattering calls are not used: the JDK
 * allocates for each of their buffers that lies in an arena. For the loop, but {@link #wantOutput()}.
 */
final class TcpWire implements Wire, Ready {
    /** Reads and writes of one connection before the others of the loop have their turn. */
    private static final int CALLS_PER_TURN = 16;

    private static final long BYTES_PER_TURN = 2L << 20;
    private static final long FAREWELL_NS = Duration.ofSeconds(1).toNanos();

    private final TcpEventLoop loop;
    private final SocketChannel channel;
    private final Endpoint local;
    private final Endpoint remote;
    private final AtomicBoolean handed = new AtomicBoolean();
    private @Nullable Engine engine;
    private @Nullable SelectionKey key;

    /** What of the last read the engine has not taken yet: less than a header, or than a handshake. */
    private final MemorySegment rest = MemorySegment.ofArray(new byte[Handshake.MAX_BYTES]);

    private int kept;

    private boolean dirty;
    private boolean blocked;
    private boolean closed;
    private long farewellUntilNs = Long.MAX_VALUE;

    TcpWire(TcpEventLoop loop, SocketChannel channel) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.local = Endpoint.of((InetSocketAddress) channel.getLocalAddress());
        this.remote = Endpoint.of((InetSocketAddress) channel.getRemoteAddress());
    }

    /** Gives the connected stream to its engine. */
    void start(Engine owner, @Nullable SelectionKey existing) throws IOException {
        engine = owner;
        if (existing == null) {
            key = loop.register(channel, SelectionKey.OP_READ, this);
        } else {
            existing.interestOps(SelectionKey.OP_READ);
            key = existing;
        }
        owner.start();
        loop.due(owner.dueNs());
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
            if (!dirty && !closed) {
                dirty = true;
                loop.dirty(this);
            }
        } else if (!handed.get() && handed.compareAndSet(false, true)) {
            loop.hand(this);
        }
    }

    /** The loop has seen what another thread handed over. */
    void takenOver() {
        handed.set(false);
        wantOutput();
    }

    // ---- reading -----------------------------------------------------------------------------------------------

    @Override
    public void ready(SelectionKey ready) {
        if (!ready.isValid()) {
            return;
        }
        if (ready.isReadable()) {
            poll();
        }
        if (!closed && ready.isValid() && ready.isWritable()) {
            wantOutput();
        }
    }

    /** Reads what is there. @return whether anything was */
    boolean poll() {
        if (closed) {
            return farewellUntilNs != Long.MAX_VALUE && discard();
        }
        try {
            return read(Objects.requireNonNull(engine));
        } catch (IOException
                | RuntimeException e) { // the latter: an application closed memory in use, or an acceptor threw
            Objects.requireNonNull(engine).wireFailed(e);
            return true;
        }
    }

    private boolean read(Engine owner) throws IOException {
        Staging staging = loop.staging();
        long total = 0;
        for (int calls = 0; calls < CALLS_PER_TURN && total < BYTES_PER_TURN && !closed; calls++) {
            ByteBuffer target = kept == 0 ? owner.payloadTarget() : null;
            int wanted;
            int got;
            if (target != null) {
                wanted = target.remaining();
                got = channel.read(target);
                if (got > 0) {
                    owner.payloadReceived(got);
                }
            } else {
                ByteBuffer ahead = staging.buffer();
                ahead.limit(Math.max(owner.readAhead(), kept + 1)).position(kept);
                wanted = ahead.remaining();
                got = channel.read(ahead);
                if (got > 0) {
                    take(owner, staging.segment(), kept + got);
                }
            }
            if (got < 0) {
                owner.wireFailed(null);
                return true;
            }
            total += got;
            if (got < wanted) {
                break; // the socket is empty: no call to be told so
            }
        }
        if (!closed && !dirty && total > 0) {
            loop.due(owner.dueNs());
        }
        return total > 0;
    }

    /** Gives what was read to the engine, behind what was kept of the last read; keeps the rest, less than a header. */
    private void take(Engine owner, MemorySegment bytes, int staged) {
        MemorySegment.copy(rest, 0, bytes, 0, kept);
        long from = owner.receive(bytes, 0, staged);
        kept = closed ? 0 : (int) (staged - from);
        MemorySegment.copy(bytes, from, rest, 0, kept);
    }

    // ---- writing -----------------------------------------------------------------------------------------------

    /** Writes what the engine has. */
    void flush() {
        dirty = false;
        if (closed) {
            return;
        }
        try {
            write(Objects.requireNonNull(engine));
        } catch (IOException | RuntimeException e) {
            Objects.requireNonNull(engine).wireFailed(e);
        }
    }

    private void write(Engine owner) throws IOException {
        long total = 0;
        for (int calls = 0; !closed; calls++) {
            OutputBatch batch = owner.output();
            if (batch.isEmpty() || closed) {
                wantWritable(false);
                break;
            }
            if (calls == CALLS_PER_TURN || total >= BYTES_PER_TURN) {
                wantOutput();
                break;
            }
            long bytes = write(batch);
            total += bytes;
            if (!owner.written(bytes)) {
                wantWritable(true);
                break;
            }
        }
        if (!closed) {
            loop.due(owner.dueNs());
        }
    }

    private long write(OutputBatch batch) throws IOException {
        ByteBuffer[] buffers = batch.buffers();
        int end = batch.offset() + batch.count();
        long total = 0;
        for (int i = batch.offset(); i < end; i++) {
            total += channel.write(buffers[i]);
            if (buffers[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    private void wantWritable(boolean wanted) {
        SelectionKey registered = Objects.requireNonNull(key);
        int interest = wanted ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (wanted != blocked && registered.isValid()) {
            blocked = wanted;
            loop.blocked(wanted ? 1 : -1);
            registered.interestOps(interest);
        }
    }

    // ---- time and end ------------------------------------------------------------------------------------------

    @Override
    public long dueNs() {
        Engine owner = engine;
        return closed || owner == null ? farewellUntilNs : owner.dueNs();
    }

    @Override
    public void tick(long nowNs) {
        if (closed) {
            cut();
        } else if (engine != null) {
            engine.tick(nowNs);
        }
    }

    @Override
    public void close(boolean farewell) {
        if (closed) {
            return;
        }
        closed = true;
        if (farewell && channel.isConnected()) {
            try {
                // Closing now, with bytes unread, would reset the stream, and the peer would never read why.
                channel.shutdownOutput();
                farewellUntilNs = loop.nowNs() + FAREWELL_NS;
                loop.due(farewellUntilNs);
                wantWritable(false);
                return;
            } catch (IOException e) {
                farewellUntilNs = Long.MAX_VALUE;
            }
        }
        cut();
    }

    private boolean discard() {
        try {
            Staging waste = loop.staging();
            int got = 0;
            for (int calls = 0;
                    calls < CALLS_PER_TURN && (got = channel.read(waste.buffer().clear())) > 0;
                    calls++) {}
            if (got < 0) {
                cut();
            }
        } catch (IOException e) {
            cut();
        }
        return false;
    }

    private void cut() {
        farewellUntilNs = Long.MAX_VALUE;
        loop.forget(this);
        if (blocked) {
            blocked = false;
            loop.blocked(-1);
        }
        TcpEventLoop.closeQuietly(channel);
    }

    @Override
    public void stopped() {
        Engine owner = engine;
        if (owner != null && !closed) {
            // Connected after the transport had ended all that it knew: nobody else tells this engine.
            owner.abort(new TransportException(ErrorCode.CLOSED, "the transport is closed"));
        }
        closed = true;
        cut();
    }
}
