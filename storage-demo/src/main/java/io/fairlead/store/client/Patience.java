package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long a chunk may still take, and how often it may fail: waiting for slots is bounded by time, failures by number. */
final class Patience {
    private static final int MAX_FAILURES = 3;

    private final String what;
    private final Duration whole;
    private final long deadlineNs;
    private int failures;

    Patience(String what, Duration whole) {
        this.what = what;
        this.whole = whole;
        this.deadlineNs = System.nanoTime() + whole.toNanos();
    }

    /** What is left, at most {@code limit}. */
    Duration left(Duration limit) {
        long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0) {
            throw new StoreException(StoreError.TIMED_OUT, what + " was not done within " + whole);
        }
        return leftNs < limit.toNanos() ? Duration.ofNanos(leftNs) : limit;
    }

    /** Waits as long as a busy node asked for, or a little longer, so that clients do not come back all at once. */
    void waitFor(int retryAfterMs) {
        int ms = Math.max(1, retryAfterMs);
        Duration pause = left(Duration.ofMillis(ms + ThreadLocalRandom.current().nextInt(ms)));
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreError.TIMED_OUT, what + " was interrupted", e);
        }
    }

    /** Rethrows, unless another attempt is allowed. */
    void failed(StoreException failure) {
        if (++failures >= MAX_FAILURES) {
            throw failure;
        }
    }
}
