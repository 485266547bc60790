package io.fairlead.transport.rdma;

import static io.fairlead.transport.testkit.AllocationCount.NOISE_BYTES_PER_OPERATION;
import static io.fairlead.transport.testkit.AllocationCount.TIMEOUT_NS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.testkit.AllocationCount;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In steady state no operation allocates, on neither end, with meters on. Counted on the pollers and the manager's threads. */
@Tag("rdma")
class RdmaAllocationTest {
    private static void allocatesNothing(AllocationCount.Submission submission) throws Exception {
        AllocationCount count = new AllocationCount(new RdmaFixture(), "fairlead-rdma", 2_000, 10_000);
        assertThat(count.bytesPerOperation(submission))
                .as("bytes allocated for an operation, both ends")
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
