package io.fairlead.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** What the target region must hold after a run, worked out anew from the seed and the operations done. */
final class Replay {
    private Replay() {}

    /** CRC32C of the target after {@code opsDone[c]} operations on connection c. */
    static long expected(Workload workload, long seed, long[] opsDone) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(workload.regionBytes());
            MemorySegment target = arena.allocate(workload.regionBytes());
            SplitMix.fill(source, seed);
            for (int connection = 0; connection < opsDone.length; connection++) {
                replay(workload, new OpSequence(workload, connection, seed), opsDone[connection], source, target);
            }
            return checksum(target);
        }
    }

    static long checksum(MemorySegment segment) {
        CRC32C crc = new CRC32C();
        crc.update(segment.asByteBuffer());
        return crc.getValue();
    }

    /** Only the last cycle counts: it visits every slot once, so all that went before is overwritten. */
    private static void replay(
            Workload workload, OpSequence sequence, long opsDone, MemorySegment source, MemorySegment target) {
        for (long op = Math.max(0, opsDone - sequence.cycle()); op < opsDone; op++) {
            MemorySegment.copy(
                    source, sequence.sourceOffset(op), target, sequence.targetOffset(op), workload.payloadBytes());
        }
    }
}
