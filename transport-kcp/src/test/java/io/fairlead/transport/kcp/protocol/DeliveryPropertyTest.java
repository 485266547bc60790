package io.fairlead.transport.kcp.protocol;

import org.junit.jupiter.api.Test;

/**
 * Whatever the two configurations and the network, everything arrives once, in order and unharmed, nothing stalls, and memory stays within
 * its bounds. Each seed makes one {@link Scenario}; {@code -Dfairlead.kcp.seed=4711} plays that one, {@code
 * -Dfairlead.kcp.seeds=1000000} more than a build does.
 */
class DeliveryPropertyTest {
    private static final int SEEDS_OF_A_BUILD = 10_000;

    @Test
    void everythingArrivesOnceInOrderAndUnharmed() {
        Long one = Long.getLong("fairlead.kcp.seed");
        if (one != null) {
            play(one);
            return;
        }
        int seeds = Integer.getInteger("fairlead.kcp.seeds", SEEDS_OF_A_BUILD);
        for (long seed = 0; seed < seeds; seed++) {
            play(seed);
        }
    }

    private static void play(long seed) {
        ScenarioRun run = new ScenarioRun(Scenario.of(seed));
        try {
            run.play();
        } catch (RuntimeException e) {
            throw new AssertionError(run.failure("threw").getMessage(), e);
        }
    }
}
