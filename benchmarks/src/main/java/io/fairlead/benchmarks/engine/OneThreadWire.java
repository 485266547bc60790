package io.fairlead.benchmarks.engine;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.EventLoop;
import io.fairlead.transport.core.OutputBatch;
import io.fairlead.transport.core.StagingPool;
import io.fairlead.transport.core.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream that is one copy from engine to engine, where a socket has two and a system call each. */
final class OneThreadWire implements Wire {
    private final OneThreadNetwork network;
    private final MemorySegment staging = Arena.ofAuto().allocate(StagingPool.BYTES);
    private final ByteBuffer buffer = staging.asByteBuffer();
    private @Nullable Engine engine;

    OneThreadWire(OneThreadNetwork network) {
        this.network = network;
    }

    void start(Engine owner) {
        engine = owner;
        owner.start();
    }

    private Engine engine() {
        return Objects.requireNonNull(engine);
    }

    @Override
    public Endpoint local() {
        return Endpoint.loopback();
    }

    @Override
    public Endpoint remote() {
        return Endpoint.loopback();
    }

    @Override
    public EventLoop loop() {
        return network;
    }

    @Override
    public void wantOutput() {}

    @Override
    public void close(boolean farewell) {}

    /** Carries all that is to be sent now, small frames only. @return bytes */
    int carryTo(OneThreadWire peer) {
        int total = 0;
        for (OutputBatch batch = engine().output(); !batch.isEmpty(); batch = engine().output()) {
            peer.buffer.clear();
            for (int i = batch.offset(), end = i + batch.count(); i < end; i++) {
                peer.buffer.put(batch.buffers()[i]);
            }
            int bytes = peer.buffer.position();
            engine().written(bytes);
            peer.engine().receive(peer.staging, 0, bytes);
            total += bytes;
        }
        return total;
    }
}
