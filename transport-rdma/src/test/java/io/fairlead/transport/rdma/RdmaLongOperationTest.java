package io.fairlead.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Timeouts;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operation that takes longer than the keep-alive time: in a guest, which moves some 60 MiB a second, these take twice as long. */
@Tag("rdma")
class RdmaLongOperationTest {
    private static final long BYTES = 256L << 20;
    private static final long STEP = 4096;
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Timeouts TIMEOUTS =
            TransportConfig.DEFAULT.timeouts().withKeepAlive(Duration.ofMillis(500), Duration.ofSeconds(2));

    private final RdmaScene scene = new RdmaScene(TransportConfig.DEFAULT.with(TIMEOUTS));
    private final ContractEnvironment env = scene.environment();
    private final Pair pair = env.pair();
    private final MemoryRegion local = marked(env.region(pair.nearTransport(), BYTES), 1);
    private final MemoryRegion target = env.region(pair.farTransport(), BYTES);
    private final RegionDescriptor grant = target.grant(Rights.READ_WRITE).descriptor();

    /** Words at equal distances, which tell of bytes that are missing or misplaced. */
    private static MemoryRegion marked(MemoryRegion region, long mark) {
        for (long at = 0; at < BYTES; at += STEP) {
            region.segment().set(JAVA_LONG, at, mark + at);
        }
        return region;
    }

    private static boolean isMarked(MemoryRegion region, long mark, long at) {
        return region.segment().get(JAVA_LONG, at) == mark + at;
    }

    private static void assertMarked(MemoryRegion region, long mark) {
        for (long at = 0; at < BYTES; at += STEP) {
            assertThat(isMarked(region, mark, at)).as("the word at " + at).isTrue();
        }
    }

    @Test
    void isNotTakenForAPeerThatHasDied() {
        try (scene) {
            var tagsThatCameWhole = new AtomicInteger();
            pair.farHandler().onTag((connection, tag) -> {
                if (tag == 7 && isMarked(target, 1, BYTES - STEP)) {
                    tagsThatCameWhole.incrementAndGet();
                }
            });

            var write = pair.near().writeNotify(local, 0, grant, 0, BYTES, 7, LONG);
            Await.result("the write", write.result(), LONG);
            assertMarked(target, 1);
            Await.until("one notification comes", env.soon(), () -> tagsThatCameWhole.get() == 1);

            marked(target, 2);
            var read = pair.near().read(local, 0, grant, 0, BYTES, LONG);
            Await.result("the read", read.result(), LONG);
            assertMarked(local, 2);
            assertThat(tagsThatCameWhole).hasValue(1);
            assertThat(pair.near().state()).isEqualTo(Connection.State.OPEN);
            assertThat(pair.far().state()).isEqualTo(Connection.State.OPEN);
        }
    }

    @Test
    void givenUpInTheMiddleStaysWithoutTheRestAndHoldsUpNothing() {
        try (scene) {
            Operation<?> write = pair.near().write(local, 0, grant, 0, BYTES, LONG);
            Operation<?> next = pair.near().write(local, 0, grant, BYTES - STEP, Long.BYTES, LONG);
            Await.until("its first bytes are there", env.soon(), () -> isMarked(target, 1, 0));
            write.cancel();

            assertThat(Await.failure("the write", write, env.soon()).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
            Await.result("its memory is free", write.released(), env.soon());
            Await.result("the next write", next.result(), env.soon());
            assertThat(isMarked(target, 1, BYTES - 2 * STEP))
                    .as("the end of the range was written")
                    .isFalse();
            assertThat(isMarked(target, 1 - (BYTES - STEP), BYTES - STEP))
                    .as("the next write's word")
                    .isTrue();
            Await.result("the region closes", local.release(), env.soon());
        }
    }
}
