package io.fairlead.transport.testkit;

import com.sun.management.ThreadMXBean;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the threads of a provider allocate for an operation in steady state, both ends in this process and with meters on.
 *
 * @param fixture whose transports are used
 * @param threadPrefix of the names of the provider's threads; all of them count
 * @param warmUp operations before it counts
 * @param counted operations in a window, of which there are {@value #WINDOWS}
 */
public record AllocationCount(TransportFixture fixture, String threadPrefix, int warmUp, int counted) {
    /** Of both regions. */
    public static final int REGION_BYTES = 4 << 20;

    /** For {@link Submission}. */
    public static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);

    /** A keep-alive or a clock's tick within a window; one object for each operation would be 16 and more. */
    public static final double NOISE_BYTES_PER_OPERATION = 0.05;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WINDOWS = 5;
    private static final int IN_FLIGHT = 16;
    private static final long BOUND_S = 120;

    /** Submits one operation; answers as the {@code try...} forms do. On the loop, but for the first. */
    public interface Submission {
        long submit(
                Connection connection, MemoryRegion local, RegionDescriptor remote, long operation, Completion done);
    }

    /**
     * Runs them, {@value #IN_FLIGHT} in flight. Blocks for up to two minutes.
     *
     * @return bytes allocated for each operation, the least of several windows: in the others a compiler or a profiler may have been at work
     */
    public double bytesPerOperation(Submission submission) throws Exception {
        TransportConfig config = TransportConfig.DEFAULT;
        TransportContext context = TransportContext.plain().with(new SimpleMeterRegistry());
        try (Transport server = fixture.start(config, context);
                Transport client = fixture.start(config, context)) {
            MemoryRegion target = server.allocate(REGION_BYTES);
            Connection connection = client.connect(
                            server.listen(fixture.listenAddress(), peer -> new Inline())
                                    .endpoint(),
                            new Inline())
                    .get(BOUND_S, TimeUnit.SECONDS);
            Run run = new Run(
                    connection,
                    client.allocate(REGION_BYTES),
                    target.grant(Rights.ALL).descriptor(),
                    submission);
            run.begin();
            return run.bytesPerOperation.get(BOUND_S, TimeUnit.SECONDS);
        }
    }

    private long[] loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(threadPrefix))
                .mapToLong(Thread::threadId)
                .toArray();
    }

    /** Keeps operations in flight on the loop, and reads the counters in the middle. */
    private final class Run implements Completion {
        private final Connection connection;
        private final MemoryRegion local;
        private final RegionDescriptor remote;
        private final Submission submission;
        private final CompletableFuture<Double> bytesPerOperation = new CompletableFuture<>();
        private final long[] loops = loops();
        private long started;
        private long ended;
        private long bytesBefore;
        private double least = Double.MAX_VALUE;

        Run(Connection connection, MemoryRegion local, RegionDescriptor remote, Submission submission) {
            this.connection = connection;
            this.local = local;
            this.remote = remote;
            this.submission = submission;
        }

        void begin() {
            started = 1;
            check(submission.submit(connection, local, remote, 0, this));
        }

        private void window(long number) {
            long now = 0;
            for (long id : loops) {
                now += THREADS.getThreadAllocatedBytes(id);
            }
            if (number > 0) {
                least = Math.min(least, (now - bytesBefore) / (double) counted);
            }
            bytesBefore = now;
            if (number == WINDOWS) {
                bytesPerOperation.complete(least);
            }
        }

        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            if (failure != null) {
                bytesPerOperation.completeExceptionally(failure);
                return;
            }
            ended++;
            if (ended >= warmUp && (ended - warmUp) % counted == 0) {
                window((ended - warmUp) / counted);
            }
            for (; started - ended < IN_FLIGHT && started < warmUp + (long) WINDOWS * counted; started++) {
                check(submission.submit(connection, local, remote, started, this));
            }
        }

        private void check(long answer) {
            if (answer < 0) {
                bytesPerOperation.completeExceptionally(new AssertionError("refused: " + answer));
            }
        }
    }

    private static final class Inline implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }

        @Override
        public void message(Connection from, Message message) {}
    }
}
