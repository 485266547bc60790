package io.fairlead.transport.core;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a lost connection is tried again: the n-th pause is drawn evenly from half to all of {@code first * 2^n}, at
 * most {@code longest} ("equal jitter"), and there are never more than {@code perSecond} attempts in a second.
 *
 * @param first the pause after the first failure
 * @param longest the longest pause
 * @param perSecond attempts in any one second, whatever happens
 */
public record ReconnectPolicy(Duration first, Duration longest, int perSecond) {
    public static final ReconnectPolicy DEFAULT = new ReconnectPolicy(Duration.ofMillis(50), Duration.ofSeconds(5), 5);

    public ReconnectPolicy {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0 || perSecond < 1) {
            throw new IllegalArgumentException("reconnect: first pause " + first + " must be positive, longest "
                    + longest + " no shorter, attempts per second " + perSecond + " at least 1");
        }
    }

    /** The pause before the next attempt, in nanoseconds. @param failures in a row, 1 or more */
    long pauseNs(int failures, RandomGenerator random) {
        long ceiling = longest.toNanos();
        long full = failures > 40 ? ceiling : Math.min(ceiling, first.toNanos() << Math.min(failures - 1, 20));
        long jittered = full / 2 + random.nextLong(full / 2 + 1);
        return Math.max(jittered, Duration.ofSeconds(1).toNanos() / perSecond);
    }
}
