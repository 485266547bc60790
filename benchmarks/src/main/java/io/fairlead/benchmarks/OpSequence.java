package io.fairlead.benchmarks;

/**
 * Where operation 0, 1, 2... of one connection takes its bytes from and puts them: a pure function of the seed, so that
 * whoever knows how many operations ran can replay them.
 *
 * <p>Target slots are walked by a seeded odd stride, which visits each slot exactly once per cycle. Operations in flight
 * together therefore never overlap, and a contestant need not keep an order between them that its transport does not
 * promise. Sources are picked at random, aligned to a cache line.
 */
final class OpSequence {
    private static final int SOURCE_ALIGNMENT = 64;

    private final long seed;
    private final int payloadBytes;
    private final long sourceChoices;
    private final long targetBase;
    private final long slotMask;
    private final long firstSlot;
    private final long stride;

    OpSequence(Workload workload, int connection, long seed) {
        this.seed = SplitMix.mix(seed + SplitMix.GAMMA * (connection + 1));
        payloadBytes = workload.payloadBytes();
        sourceChoices = (workload.regionBytes() - payloadBytes) / SOURCE_ALIGNMENT + 1;
        int slots = workload.slotsPerConnection();
        targetBase = (long) connection * slots * payloadBytes;
        slotMask = slots - 1L;
        firstSlot = SplitMix.mix(this.seed + 1) & slotMask;
        stride = SplitMix.mix(this.seed + 2) & slotMask | 1;
    }

    long sourceOffset(long op) {
        return Math.unsignedMultiplyHigh(SplitMix.mix(seed ^ op * SplitMix.GAMMA), sourceChoices) * SOURCE_ALIGNMENT;
    }

    long targetOffset(long op) {
        return targetBase + (firstSlot + op * stride & slotMask) * payloadBytes;
    }

    /** Operations until the walk begins again at its first slot. */
    long cycle() {
        return slotMask + 1;
    }
}
