package io.fairlead.transport.testkit.fault;

import java.time.Duration;
import java.util.SplittableRandom;

/** Seeded decisions, shared by all connections of a decorator. Thread-safe. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Whether something of this probability happens. */
    synchronized boolean hits(double probability) {
        return random.nextDouble() < probability;
    }

    /** 1 to {@code most}. */
    synchronized int upTo(int most) {
        return 1 + random.nextInt(most);
    }

    /** 0 to {@code longest}, in nanoseconds. */
    synchronized long upToNs(Duration longest) {
        return random.nextLong(longest.toNanos() + 1);
    }
}
