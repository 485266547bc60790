package io.fairlead.transport.kcp.protocol;

import java.time.Duration;

/**
 * The clockwork. Tick and guard are one setting in ikcp, where a short tick makes for spurious timeouts.
 *
 * @param tick how long acknowledgements and unflushed sends may wait for company; with legacy rules the period of all
 *     work. Zero flushes at once
 * @param rtoGuard least margin of the retransmission timeout over the smoothed round trip
 * @param minRto least retransmission timeout
 * @param initialRto before the first round trip is measured
 * @param maxRto bound of the timeout after any number of backoffs
 * @param backoff growth of a segment's timeout
 * @param growsAfter timeouts of a segment before it grows; 0 in ikcp. 1 halves the wait where a retransmission was lost by
 *     chance, and round trips are measured by echoed stamps, so that a path that became longer is found out all the same
 */
public record Timing(
        Duration tick,
        Duration rtoGuard,
        Duration minRto,
        Duration initialRto,
        Duration maxRto,
        Backoff backoff,
        int growsAfter) {
    public Timing {
        new Faults("timing")
                .range("tick", tick, Duration.ZERO, Duration.ofSeconds(5))
                .range("rtoGuard", rtoGuard, Duration.ofMillis(1), Duration.ofSeconds(5))
                .range("minRto", minRto, Duration.ofMillis(1), Duration.ofSeconds(60))
                .range("initialRto", initialRto, minRto, Duration.ofSeconds(60))
                .range("maxRto", maxRto, initialRto, Duration.ofSeconds(60))
                .range("growsAfter", growsAfter, 0, 8)
                .report();
    }

    public Timing withTick(Duration changed) {
        return new Timing(changed, rtoGuard, minRto, initialRto, maxRto, backoff, growsAfter);
    }

    public Timing withGuard(Duration changed) {
        return new Timing(tick, changed, minRto, initialRto, maxRto, backoff, growsAfter);
    }

    public Timing withMinRto(Duration changed) {
        return new Timing(tick, rtoGuard, changed, initialRto, maxRto, backoff, growsAfter);
    }

    public Timing withBackoff(Backoff changed) {
        return new Timing(tick, rtoGuard, minRto, initialRto, maxRto, changed, growsAfter);
    }

    public Timing withGrowsAfter(int timeouts) {
        return new Timing(tick, rtoGuard, minRto, initialRto, maxRto, backoff, timeouts);
    }
}
