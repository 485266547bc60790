package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.UsageException;
import java.util.List;

/** One thing that is measured: an operation with a payload. */
record Exercise(Kind kind, int bytes) {
    /** What is done, and what the figure is. */
    enum Kind {
        /** Each side answers a write into its memory, which it looks at, by one into the other's; half a round trip. */
        WRITE,
        /** The same with notifications instead of looking, for which perftest has no tool; half a round trip. */
        NOTIFY,
        /** Each side answers a message by a message; half a round trip. */
        SEND,
        /** One read after the other; a whole one. */
        READ,
        /** Writes with many in flight; MiB per second. */
        BANDWIDTH
    }

    static final List<Exercise> ALL = List.of(
            new Exercise(Kind.WRITE, 64),
            new Exercise(Kind.NOTIFY, 64),
            new Exercise(Kind.SEND, 64),
            new Exercise(Kind.READ, 64),
            new Exercise(Kind.WRITE, 4096),
            new Exercise(Kind.SEND, 4096),
            new Exercise(Kind.READ, 4096),
            new Exercise(Kind.WRITE, 65_536),
            new Exercise(Kind.SEND, 65_536),
            new Exercise(Kind.READ, 65_536),
            new Exercise(Kind.BANDWIDTH, 65_536));

    /** What {@link #name} gives. */
    static Exercise named(String name) {
        return ALL.stream()
                .filter(exercise -> exercise.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no exercise \"" + name + "\", known: "
                        + String.join(", ", ALL.stream().map(Exercise::name).toList())));
    }

    /** As on the command line: {@code write64}, {@code bandwidth64k}. */
    String name() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + (bytes < 1024 ? "" + bytes : bytes / 1024 + "k");
    }

    /** Whether each side does one operation in turn. */
    boolean isPingPong() {
        return kind == Kind.WRITE || kind == Kind.NOTIFY || kind == Kind.SEND;
    }

    String unit() {
        return kind == Kind.BANDWIDTH ? "MiB/s" : "us";
    }

    /** How many are measured, of those that a small one takes. Large ones cost as much time as many small ones. */
    int operations(int ofSmallOnes) {
        return bytes < 65_536 ? ofSmallOnes : Math.max(1, ofSmallOnes / 8);
    }
}
