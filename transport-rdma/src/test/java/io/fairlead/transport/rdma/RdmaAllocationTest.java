package io.fairlead.transport.rdma;

import static io.fairlead.transport.testkit.AllocationCount.NOISE_BYTES_PER_OPERATION;
import static io.fairlead.transport.testkit.AllocationCount.TIMEOUT_NS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.testkit.AllocationCount;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In steady state no operation allocates, on neither end, with meters on, whether the pollers spin or sleep. Counted on the pollers and the
 * manager's threads.
 */
@Tag("rdma")
class RdmaAllocationTest {
    private static final RdmaFixture SPINNING = new RdmaFixture(Map.of("rdma.polling", "busy"));
    private static final RdmaFixture SLEEPING = new RdmaFixture(Map.of("rdma.polling", "event"));

    private static void allocatesNothing(AllocationCount.Submission submission) throws Exception {
        allocatesNothing(SPINNING, submission);
        allocatesNothing(SLEEPING, submission);
    }

    private static void allocatesNothing(RdmaFixture fixture, AllocationCount.Submission submission) throws Exception {
        AllocationCount count = new AllocationCount(fixture, "fairlead-rdma", 2_000, 10_000);
        assertThat(count.bytesPerOperation(submission))
                .as("bytes allocated for an operation, both ends, %s", fixture.name())
                .isLessThan(NOISE_BYTES_PER_OPERATION);
    }

    @Test
    void aSmallWrite() throws Exception {
        allocatesNothing((c, local, remote, op, done) ->
                c.tryWrite(local, 64 * (op % 100), remote, 64 * (op % 99), 64, TIMEOUT_NS, done, op));
    }

    @Test
    void aWriteWithNotification() throws Exception {
        allocatesNothing((c, local, remote, op, done) ->
                c.tryWriteNotify(local, 64 * (op % 100), remote, 64 * (op % 99), 64, 7, TIMEOUT_NS, done, op));
    }

    @Test
    void aSmallRead() throws Exception {
        allocatesNothing((c, local, remote, op, done) ->
                c.tryRead(local, 64 * (op % 100), remote, 64 * (op % 99), 64, TIMEOUT_NS, done, op));
    }

    @Test
    void aMessage() throws Exception {
        allocatesNothing((c, local, remote, op, done) -> c.trySend(local, 0, 256, TIMEOUT_NS, done, op));
    }

    @Test
    void anAtomic() throws Exception {
        allocatesNothing((c, local, remote, op, done) -> c.tryFetchAndAdd(remote, 8, 1, TIMEOUT_NS, done, op));
    }
}
