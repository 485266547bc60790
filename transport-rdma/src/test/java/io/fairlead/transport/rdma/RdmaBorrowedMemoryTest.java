package io.fairlead.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An application closes the arena of memory that it has registered, and does not release the region first. The device has that memory pinned;
 * a processor that copies from its address may find nothing there, and the process dies.
 */
@Tag("rdma")
class RdmaBorrowedMemoryTest {
    /** So large that the C library gives it back to the system at once. */
    private static final long BYTES = 64L << 20;

    @Test
    void aSmallWriteFromMemoryThatIsGoneDoesNotHarmTheProcess() {
        try (RdmaScene scene = new RdmaScene()) {
            ContractEnvironment env = scene.environment();
            Pair pair = env.pair();
            MemoryRegion target = env.region(pair.farTransport(), Long.BYTES);
            RegionDescriptor grant = target.grant(Rights.WRITE).descriptor();
            MemoryRegion borrowed;
            try (Arena arena = Arena.ofShared()) {
                MemorySegment memory = arena.allocate(BYTES);
                memory.set(JAVA_LONG, BYTES / 2, 42);
                borrowed = pair.nearTransport().register(memory);
            }

            var write = pair.near().write(borrowed, BYTES / 2, grant, 0, Long.BYTES, RdmaScene.SOON);
            Await.result("the write", write.result(), RdmaScene.SOON);

            assertThat(target.segment().get(JAVA_LONG, 0)).isEqualTo(42);
            borrowed.close();
        }
    }
}
