package io.fairlead.it.network;

/**
 * The chances of a direction: each number depends on the seed, the packet and the purpose only, so that no decision
 * shifts another. The mixing step is the finaliser of SplitMix64.
 */
record Chance(long seed) {
    static final int STATE = 0;
    static final int LOSS = 1;
    static final int JITTER = 2;
    static final int LATE = 3;
    static final int DUPLICATE = 4;
    static final int COPY_JITTER = 5;

    private static final int PURPOSES = 8;
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    /** Chances for one of the two directions of a network. */
    static Chance ofDirection(long networkSeed, int direction) {
        return new Chance(mix(mix(networkSeed) + (direction + 1) * GAMMA));
    }

    static boolean isProbability(double value) {
        return value >= 0 && value <= 1;
    }

    static String notProbability(String name, double value) {
        return name + " must be a probability from 0 to 1, not " + value;
    }

    static void requireProbability(String name, double value) {
        if (!isProbability(value)) {
            throw new IllegalArgumentException(notProbability(name, value));
        }
    }

    /** A number from 0 (included) to 1 (excluded). */
    double of(long packet, int purpose) {
        return (mix(seed + (packet * PURPOSES + purpose + 1) * GAMMA) >>> 11) * 0x1p-53;
    }

    private static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }
}
