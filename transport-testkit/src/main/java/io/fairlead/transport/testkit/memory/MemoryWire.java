package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.OutputBatch;
import io.fairlead.transport.core.StagingPool.Staging;
import io.fairlead.transport.core.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One side of a stream with its engine. All but {@link #wantOutput} is for the loop. */
final class MemoryWire implements Wire {
    /** What is read in one turn before the other wires have theirs. */
    private static final int TURN_BYTES = 256 * 1024;

    private final MemoryLoop loop;
    private final MemoryLink link;
    private final boolean server;
    private final Endpoint local;
    private final Endpoint remote;
    private final Pipe in;
    private volatile boolean outputWanted;
    private @Nullable Engine engine;
    private @Nullable Staging staging;
    private boolean closed;

    MemoryWire(MemoryLoop loop, MemoryLink link, boolean server, Endpoint local, Endpoint remote) {
        this.loop = loop;
        this.link = link;
        this.server = server;
        this.local = local;
        this.remote = remote;
        this.in = link.towards(server);
        in.reader(loop::wake);
        link.towards(!server).writer(loop::wake);
    }

    void start(Engine driven) {
        engine = driven;
        loop.add(this);
        driven.start();
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
        if (!outputWanted) {
            outputWanted = true;
            loop.wake();
        }
    }

    @Override
    public void close(boolean farewell) {
        if (closed) {
            return;
        }
        closed = true;
        loop.remove(this);
        link.towards(!server).close();
        in.close();
        Staging held = staging;
        if (held != null) {
            staging = null;
            loop.stagingPool().give(held);
        }
    }

    /** The loop ends, and nobody else tells the engine. */
    void stopped() {
        Engine driven = engine;
        if (driven != null) {
            driven.abort(new TransportException(ErrorCode.CLOSED, "the transport is closed"));
        }
    }

    /** Moves what can be moved. @return whether anything was, so that there may be more */
    boolean turn(long nowNs) {
        Engine driven = engine;
        if (driven == null || closed) {
            return false;
        }
        boolean moved = read(driven);
        if (!closed && driven.dueNs() - nowNs <= 0) {
            driven.tick(nowNs);
        }
        try {
            boolean written = !closed && write(driven);
            return moved || written;
        } catch (IllegalStateException e) {
            driven.wireFailed(e);
            return true;
        }
    }

    long earlier(long dueNs) {
        Engine driven = engine;
        return closed || driven == null || driven.dueNs() - dueNs > 0 ? dueNs : driven.dueNs();
    }

    private boolean read(Engine driven) {
        int total = 0;
        try {
            while (!closed && driven.isReading() && total < TURN_BYTES) {
                int bytes = readOnce(driven);
                if (bytes < 0) {
                    driven.wireFailed(null);
                    return true;
                }
                if (bytes == 0) {
                    break;
                }
                total += bytes;
            }
        } catch (IOException | IllegalStateException e) { // the latter: an application closed memory that is in use
            driven.wireFailed(e);
            return true;
        }
        return total > 0;
    }

    /** Straight to where a large payload belongs, or to the staging buffer for everything else. */
    private int readOnce(Engine driven) throws IOException {
        ByteBuffer target = driven.payloadTarget();
        if (target != null) {
            int bytes = in.read(target);
            if (bytes > 0) {
                driven.payloadReceived(bytes);
            }
            return bytes;
        }
        Staging held = staging;
        if (held == null) {
            held = loop.stagingPool().take();
            held.buffer().clear();
            staging = held;
        }
        ByteBuffer buffer = held.buffer();
        int bytes = in.read(buffer);
        if (bytes > 0) {
            long rest = driven.receive(held.segment(), 0, buffer.position());
            if (!closed) {
                buffer.flip().position((int) rest);
                buffer.compact();
            }
        }
        return bytes;
    }

    private boolean write(Engine driven) {
        if (!outputWanted) {
            return false;
        }
        boolean moved = false;
        Pipe out = link.towards(!server);
        outputWanted = false;
        while (!closed) {
            OutputBatch batch = driven.output();
            if (batch.isEmpty()) {
                return moved;
            }
            if (out.room() == 0) {
                break;
            }
            driven.written(write(batch));
            moved = true;
        }
        // No room: the pipe wakes the loop when there is some.
        outputWanted = true;
        return moved;
    }

    private long write(OutputBatch batch) {
        long bytes = 0;
        for (int i = batch.offset(), end = i + batch.count(); i < end; i++) {
            ByteBuffer buffer = batch.buffers()[i];
            int before = buffer.remaining();
            link.write(!server, buffer);
            bytes += before - buffer.remaining();
            if (buffer.hasRemaining()) {
                break;
            }
        }
        return bytes;
    }
}
