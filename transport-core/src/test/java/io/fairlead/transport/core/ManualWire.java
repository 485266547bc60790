package io.fairlead.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fairlead.transport.Endpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A stream whose bytes the test carries, in pieces of its choice, by the same calls as a socket's. */
final class ManualWire implements Wire {
    private final ManualNetwork network;
    private final MemorySegment staging = Arena.ofAuto().allocate(StagingPool.BYTES);
    private @Nullable Engine engine;
    private int kept;
    boolean closed;
    long acknowledgementDelayNs;

    /** What {@link #sendAlone} takes, if not null. */
    @Nullable
    IntPredicate takesAlone;

    /** How many it took. */
    int sentAlone;

    private byte[] alone = new byte[0];

    ManualWire(ManualNetwork network) {
        this.network = network;
    }

    void start(Engine owner) {
        engine = owner;
        owner.start();
    }

    Engine engine() {
        return Objects.requireNonNull(engine);
    }

    @Override
    public Endpoint local() {
        return new Endpoint("near", 1);
    }

    @Override
    public Endpoint remote() {
        return new Endpoint("far", 2);
    }

    @Override
    public EventLoop loop() {
        return network;
    }

    @Override
    public void wantOutput() {}

    @Override
    public long acknowledgementDelayNs() {
        return acknowledgementDelayNs;
    }

    @Override
    public boolean settles() {
        return network.settles;
    }

    @Override
    public boolean sendAlone(long first, long second, long address, int bytes) {
        if (takesAlone == null || !takesAlone.test(bytes)) {
            return false;
        }
        sentAlone++;
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.COMMON_BYTES + bytes).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(first).putLong(second);
        frame.put(MemorySegment.ofAddress(address).reinterpret(bytes).asByteBuffer());
        alone = concat(alone, frame.array());
        return true;
    }

    @Override
    public void close(boolean farewell) {
        closed = true;
    }

    /** Everything that the engine wants to send now. */
    byte[] take() {
        network.runTasks();
        byte[] all = new byte[0];
        while (!closed) {
            OutputBatch batch = engine().output();
            if (batch.isEmpty() && alone.length == 0) {
                break;
            }
            all = concat(all, alone);
            alone = new byte[0];
            long bytes = 0;
            for (int i = batch.offset(); i < batch.offset() + batch.count(); i++) {
                ByteBuffer buffer = batch.buffers()[i];
                byte[] more = new byte[buffer.remaining()];
                buffer.get(more);
                bytes += more.length;
                all = concat(all, more);
            }
            engine().written(bytes);
        }
        return all;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Gives bytes as one read of a socket would, or as several where the engine asks for some apart. */
    void give(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !closed) {
            ByteBuffer target = kept == 0 ? engine().payloadTarget() : null;
            if (target != null) {
                int now = Math.min(target.remaining(), to - at);
                target.put(bytes, at, now);
                at += now;
                engine().payloadReceived(now);
            } else {
                int room = Math.max(engine().readAhead(), kept + 1) - kept;
                int now = Math.min(room, to - at);
                MemorySegment.copy(bytes, at, staging, JAVA_BYTE, kept, now);
                at += now;
                long rest = engine().receive(staging, 0, kept + now);
                int staged = kept + now;
                kept = (int) (staged - rest);
                MemorySegment.copy(staging, rest, staging, 0, kept);
            }
        }
    }
}
