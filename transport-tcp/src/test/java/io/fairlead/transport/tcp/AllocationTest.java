package io.fairlead.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In steady state no operation allocates, on neither end, with meters on. Counted on the threads of the loops. */
class AllocationTest {
    private static final int REGION_BYTES = 4 << 20;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int WARM_UP = 30_000;
    private static final int COUNTED = 10_000;
    private static final int WINDOWS = 5;

    /** A keep-alive or a clock's tick within a window; one object for each operation would be 16 and more. */
    private static final double NOISE_BYTES_PER_OPERATION = 0.05;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Submission {
        long submit(Connection connection, long operation, Completion completion);
    }

    /** Keeps 16 operations in flight on the loop, and reads the counters in the middle. */
    private final class Run implements Completion {
        private final Connection connection;
        private final Submission submission;
        private final CompletableFuture<Double> bytesPerOperation = new CompletableFuture<>();
        private long started;
        private long ended;
        private final long[] loops = loops();
        private long bytesBefore;
        private double least = Double.MAX_VALUE;

        Run(Connection connection, Submission submission) {
            this.connection = connection;
            this.submission = submission;
        }

        /** The least of several windows: in the others a compiler or a profiler may have been at work. */
        private void window(int number) {
            long now = 0;
            for (long id : loops) {
                now += threads.getThreadAllocatedBytes(id);
            }
            if (number > 0) {
                least = Math.min(least, (now - bytesBefore) / (double) COUNTED);
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
            if (ended >= WARM_UP && (ended - WARM_UP) % COUNTED == 0) {
                window((int) (ended - WARM_UP) / COUNTED);
            }
            for (; started - ended < 16 && started < WARM_UP + WINDOWS * COUNTED; started++) {
                long answer = submission.submit(connection, started, this);
                if (answer < 0) {
                    bytesPerOperation.completeExceptionally(new AssertionError("refused: " + answer));
                }
            }
        }
    }

    private static long[] loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fairlead-tcp"))
                .mapToLong(Thread::threadId)
                .toArray();
    }

    private void allocatesNothing(String what, Submission submission) throws Exception {
        TransportConfig config = TransportConfig.DEFAULT;
        TransportContext context = TransportContext.plain().with(new SimpleMeterRegistry());
        try (Transport server = new TcpTransportProvider().start(config, context);
                Transport client = new TcpTransportProvider().start(config, context)) {
            MemoryRegion target = server.allocate(REGION_BYTES);
            remote = target.grant(Rights.ALL).descriptor();
            local = client.allocate(REGION_BYTES);
            Connection connection = client.connect(
                            server.listen(Endpoint.loopback(), peer -> new Inline())
                                    .endpoint(),
                            new Inline())
                    .get(10, TimeUnit.SECONDS);
            Run run = new Run(connection, submission);
            run.started = 1;
            assertThat(submission.submit(connection, 0, run)).isNotNegative();
            double bytes = run.bytesPerOperation.get(120, TimeUnit.SECONDS);
            assertThat(bytes).as("bytes allocated by a %s, both loops", what).isLessThan(NOISE_BYTES_PER_OPERATION);
        }
    }

    private @Nullable RegionDescriptor remote;
    private @Nullable MemoryRegion local;

    private RegionDescriptor remote() {
        return Objects.requireNonNull(remote);
    }

    private MemoryRegion local() {
        return Objects.requireNonNull(local);
    }

    private static final class Inline implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }

        @Override
        public void message(Connection from, Message message) {}
    }

    @Test
    void aSmallWrite() throws Exception {
        allocatesNothing(
                "64 B write",
                (c, op, done) ->
                        c.tryWrite(local(), 64 * (op % 100), remote(), 64 * (op % 99), 64, TIMEOUT_NS, done, op));
    }

    @Test
    void aLargeWrite() throws Exception {
        allocatesNothing(
                "64 KiB write",
                (c, op, done) -> c.tryWrite(
                        local(), 65_536 * (op % 60), remote(), 65_536 * (op % 61), 65_536, TIMEOUT_NS, done, op));
    }

    @Test
    void aLargeRead() throws Exception {
        allocatesNothing(
                "64 KiB read",
                (c, op, done) -> c.tryRead(
                        local(), 65_536 * (op % 60), remote(), 65_536 * (op % 61), 65_536, TIMEOUT_NS, done, op));
    }

    @Test
    void aMessage() throws Exception {
        allocatesNothing("256 B message", (c, op, done) -> c.trySend(local(), 0, 256, TIMEOUT_NS, done, op));
    }

    @Test
    void anAtomic() throws Exception {
        allocatesNothing("fetch-and-add", (c, op, done) -> c.tryFetchAndAdd(remote(), 8, 1, TIMEOUT_NS, done, op));
    }
}
