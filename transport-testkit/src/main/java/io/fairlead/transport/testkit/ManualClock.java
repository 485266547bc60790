package io.fairlead.transport.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that moves only when told. Thread-safe. */
public final class ManualClock implements InstantSource {
    private final AtomicReference<Instant> now;

    public ManualClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    /** Starts at the machine's time, in whole milliseconds as descriptors carry it. */
    public ManualClock() {
        this(Instant.ofEpochMilli(System.currentTimeMillis()));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    public void advance(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }
}
