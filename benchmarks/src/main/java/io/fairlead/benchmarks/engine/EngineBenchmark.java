package io.fairlead.benchmarks.engine;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.SoftwareTransport;
import io.fairlead.transport.spi.TransportContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Both ends' work for a 64 B write, from the call to its completion, 16 at a time; and for a 64 B message and the handler's answer, one at a
 * time. Run with {@code -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineBenchmark implements Completion {
    private static final int WINDOW = 16;
    private static final int BYTES = 64;
    private static final int REGION_BYTES = 1 << 16;
    private static final long TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);

    private final OneThreadNetwork clientNetwork = new OneThreadNetwork();
    private final OneThreadNetwork serverNetwork = new OneThreadNetwork();
    private final SoftwareTransport client = start(clientNetwork);
    private final SoftwareTransport server = start(serverNetwork);
    private final MemoryRegion source = client.allocate(REGION_BYTES);
    private final MemoryRegion answers = server.allocate(BYTES);
    private final RegionDescriptor target =
            server.allocate(REGION_BYTES).grant(Rights.WRITE).descriptor();
    private @Nullable Connection connection;
    private @Nullable OneThreadWire near;
    private @Nullable OneThreadWire far;
    private int completed;
    private int answered;
    private int offset;

    private static SoftwareTransport start(OneThreadNetwork network) {
        return new SoftwareTransport("bench", TransportConfig.DEFAULT, TransportContext.plain(), network);
    }

    private static class Inline implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }
    }

    /** Answers each message. */
    private final class Echo extends Inline {
        @Override
        public void message(Connection from, Message message) {
            from.trySend(answers, 0, message.length(), TIMEOUT_NS, EngineBenchmark.this, 0);
        }
    }

    /** Counts the answers. */
    private final class Asker extends Inline {
        @Override
        public void message(Connection from, Message message) {
            answered++;
        }
    }

    @Setup
    public void connect() {
        server.listen(Endpoint.loopback(), peer -> new Echo());
        CompletableFuture<Connection> connecting = client.connect(Endpoint.loopback(), new Asker());
        near = clientNetwork.connected();
        far = serverNetwork.accept();
        near.carryTo(far);
        far.carryTo(near);
        connection = connecting.join();
    }

    @Benchmark
    @OperationsPerInvocation(WINDOW)
    @SuppressWarnings("NullAway") // set up by connect
    public int write64() {
        for (int i = 0; i < WINDOW; i++) {
            offset = (offset + BYTES) & (REGION_BYTES - 1);
            connection.tryWrite(source, offset, target, offset, BYTES, TIMEOUT_NS, this, i);
        }
        near.carryTo(far);
        far.carryTo(near);
        if (completed % WINDOW != 0) {
            throw new IllegalStateException("only " + completed + " writes were acknowledged");
        }
        return completed;
    }

    @Benchmark
    @SuppressWarnings("NullAway") // set up by connect
    public int echo64() {
        int before = answered;
        connection.trySend(source, 0, BYTES, TIMEOUT_NS, this, 0);
        near.carryTo(far);
        far.carryTo(near);
        if (answered != before + 1) {
            throw new IllegalStateException("no answer to message " + before);
        }
        return answered;
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        completed++;
    }
}
