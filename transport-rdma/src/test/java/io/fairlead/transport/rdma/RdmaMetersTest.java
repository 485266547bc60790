package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rdma")
class RdmaMetersTest {
    private static final int REQUESTS = 1000;

    /** A timer drops what ended before it began, as by a loop's time of before it went to sleep. */
    @Test
    void noOperationEndsBeforeItBegan() {
        try (RdmaScene scene = new RdmaScene()) {
            ContractEnvironment env = scene.environment();
            Pair pair = env.pair();
            MemoryRegion local = env.region(pair.nearTransport(), 64);
            for (int i = 0; i < REQUESTS; i++) {
                Await.result("a reply", pair.near().request(local.segment()).result(), env.soon());
            }
            assertThat(env.reading(pair.nearTransport()).operations("request", "ok"))
                    .isEqualTo(REQUESTS);
        }
    }
}
