package io.fairlead.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The memory of one process in one trial. A region that lies in the other process is empty here. Both live as long as
 * the process, so that no contestant pays for checks of an arena's lifetime that another one avoids.
 */
public record Regions(MemorySegment source, MemorySegment target) {
    private static final int PAGE_BYTES = 4096;

    static Regions ofClient(Workload workload, long seed) {
        return create(workload, seed, workload.sourceAtClient(), workload.targetAtClient());
    }

    static Regions ofServer(Workload workload, long seed) {
        return create(workload, seed, !workload.sourceAtClient(), !workload.targetAtClient());
    }

    private static Regions create(Workload workload, long seed, boolean hasSource, boolean hasTarget) {
        MemorySegment source = allocate(hasSource ? workload.regionBytes() : 0);
        SplitMix.fill(source, seed);
        return new Regions(source, allocate(hasTarget ? workload.regionBytes() : 0));
    }

    private static MemorySegment allocate(long bytes) {
        return Arena.global().allocate(bytes, PAGE_BYTES);
    }
}
