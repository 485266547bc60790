package io.fairlead.transport.core;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * No frame and no handshake, however forged, makes a peer allocate more than its limits, hang, or die. Each seed makes one
 * {@link HostileCase}; a build tries the first few thousand, and
 * <ul>
 *   <li>{@code -Dfairlead.fuzz.minutes=10} others for as long, with a word on standard error each minute;
 *   <li>{@code -Dfairlead.fuzz.seed=4711} that one.
 * </ul>
 * A case that fails is written to {@code target/fuzz}; with its reason, it belongs in {@code src/test/resources/fuzz}.
 */
class FrameFuzzTest {
    private static final int CASES_OF_A_BUILD = 6000;
    private static final int MOST_FAILURES = 20;
    private static final Duration LONGEST_CASE = Duration.ofSeconds(20);
    private static final long MINUTE_NS = Duration.ofMinutes(1).toNanos();

    private final HostileCases cases = new HostileCases();
    private final List<AssertionError> failures = new ArrayList<>();
    private volatile long seed;
    private volatile long startedNs;
    private long tried;
    private long mostAllocated;

    @Test
    void noPeerMakesAnEngineHangOrDieOrPassItsLimits() {
        Long one = Long.getLong("fairlead.fuzz.seed");
        int minutes = Integer.getInteger("fairlead.fuzz.minutes", 0);
        Thread watch = Thread.ofPlatform().daemon().start(this::watch);
        try {
            assertTimeoutPreemptively(Duration.ofMinutes(minutes + 2L), () -> {
                if (one != null) {
                    attempt(one);
                } else if (minutes > 0) {
                    attemptFor(minutes);
                } else {
                    for (long next = 0; next < CASES_OF_A_BUILD; next++) {
                        attempt(next);
                    }
                }
            });
        } finally {
            watch.interrupt();
        }
        if (!failures.isEmpty()) {
            AssertionError first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private void attemptFor(int minutes) {
        long first = System.nanoTime() << 20;
        long begunNs = System.nanoTime();
        long saidNs = begunNs;
        say("from seed " + first);
        for (long next = first; System.nanoTime() - begunNs < minutes * MINUTE_NS; next++) {
            attempt(next);
            if (System.nanoTime() - saidNs >= MINUTE_NS) {
                saidNs += MINUTE_NS;
                say("after " + (saidNs - begunNs) / MINUTE_NS + " min");
            }
        }
        say("done");
    }

    private void say(String when) {
        System.err.printf(
                "fuzz: %s: %d cases, %d failures, at most %d bytes allocated for one%n",
                when, tried, failures.size(), mostAllocated);
    }

    private void attempt(long next) {
        HostileCase hostile = cases.of(next);
        seed = next;
        startedNs = System.nanoTime();
        tried++;
        try {
            mostAllocated = Math.max(mostAllocated, HostileRun.run(hostile).allocated());
        } catch (RuntimeException | Error e) {
            failures.add(new AssertionError(
                    "seed " + next + " (again with -Dfairlead.fuzz.seed=" + next + ", kept in " + keep(next, hostile)
                            + "): " + e,
                    e));
            if (failures.size() >= MOST_FAILURES) {
                throw failures.removeFirst();
            }
        } finally {
            startedNs = 0;
        }
    }

    private static Path keep(long failed, HostileCase hostile) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "fuzz"));
            return Files.writeString(folder.resolve(failed + ".txt"), hostile.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names the seed of a case that does not come to an end. */
    private void watch() {
        try {
            while (true) {
                Thread.sleep(1000);
                long since = startedNs;
                if (since != 0 && System.nanoTime() - since > LONGEST_CASE.toNanos()) {
                    System.err.println("fuzz: seed " + seed + " has run for more than " + LONGEST_CASE);
                    return;
                }
            }
        } catch (InterruptedException e) {
            // the test is over
        }
    }
}
