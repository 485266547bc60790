package io.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final long SEED = 7;
    private static final Workload SMALL = new Workload("small", Workload.Kind.WRITE, Waiting.EITHER, 64, 4, 2, 64 * 64);

    @Test
    void aCycleVisitsEachSlotOfItsConnectionOnce() {
        Set<Long> seen = new HashSet<>();
        for (int connection = 0; connection < SMALL.connections(); connection++) {
            OpSequence sequence = new OpSequence(SMALL, connection, SEED);
            for (long op = 1000; op < 1000 + sequence.cycle(); op++) {
                assertThat(seen.add(sequence.targetOffset(op))).isTrue();
            }
        }
        assertThat(seen)
                .hasSize(64)
                .allSatisfy(offset -> assertThat(offset).isBetween(0L, (long) SMALL.regionBytes() - 64));
    }

    @Test
    void sourcesLieInsideTheRegion() {
        OpSequence sequence = new OpSequence(SMALL, 1, SEED);
        for (long op = 0; op < 100_000; op++) {
            assertThat(sequence.sourceOffset(op)).isBetween(0L, (long) SMALL.regionBytes() - 64);
        }
    }

    @Test
    void replayOfTheLastCycleEqualsReplayOfEverything() {
        assertThat(Replay.expected(SMALL, SEED, new long[] {12_345, 17})).isEqualTo(naive(12_345, 17));
        assertThat(Replay.expected(SMALL, SEED, new long[] {32, 0})).isEqualTo(naive(32, 0));
    }

    @Test
    void oneOperationMoreOrLessIsNoticed() {
        assertThat(Replay.expected(SMALL, SEED, new long[] {500, 500}))
                .isNotEqualTo(Replay.expected(SMALL, SEED, new long[] {500, 501}));
    }

    private static long naive(long... opsDone) {
        byte[] source = new byte[SMALL.regionBytes()];
        byte[] target = new byte[SMALL.regionBytes()];
        SplitMix.fill(MemorySegment.ofArray(source), SEED);
        for (int connection = 0; connection < opsDone.length; connection++) {
            OpSequence sequence = new OpSequence(SMALL, connection, SEED);
            for (long op = 0; op < opsDone[connection]; op++) {
                System.arraycopy(source, (int) sequence.sourceOffset(op), target, (int) sequence.targetOffset(op), 64);
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(target);
        return crc.getValue();
    }
}
