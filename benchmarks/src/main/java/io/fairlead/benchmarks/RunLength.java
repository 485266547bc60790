package io.fairlead.benchmarks;

import java.time.Duration;

/** How long a run lasts. Each of the two phases ends by time or by bytes moved, whichever comes first. */
record RunLength(Duration warmUp, Duration measure, long maxBytesPerPhase) {
    RunLength {
        if (!warmUp.isPositive() || !measure.isPositive() || maxBytesPerPhase < 1) {
            throw new UsageException("warm-up, measured time and byte bound must be positive");
        }
    }
}
