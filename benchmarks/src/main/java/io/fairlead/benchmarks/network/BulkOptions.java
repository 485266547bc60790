package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The command line of {@link CompareBulk}. */
final class BulkOptions {
    static final String HELP = """
            Compares bulk transfer between two network namespaces joined by a plain veth pair. Contestants are interleaved in
            every round and the order is rotated. Needs Linux and root.

            compare-bulk [options]
              --contestants A,B    each with its window in segments as in kcp-go:1024;
                                   default: fairlead-kcp,java-kcp,kcp-netty,kcp-go,tcp-cubic, the window being 1024
              --rounds N           default: 5
              --warmup SECONDS     default: 3
              --measure SECONDS    default: 4
              --out FILE           default: benchmarks/results/kcp-bulk.md
            """;

    /** A peer with its window. */
    record Entry(Peer peer, int windowSegments) {
        static Entry parse(String text) {
            String[] parts = text.split(":", 2);
            return new Entry(
                    Peers.named(parts[0]), parts.length == 1 ? 1024 : positive("the window of " + parts[0], parts[1]));
        }
    }

    List<Entry> entries = entries("fairlead-kcp,java-kcp,kcp-netty,kcp-go,tcp-cubic");
    int rounds = 5;
    Duration warmUp = Duration.ofSeconds(3);
    Duration measure = Duration.ofSeconds(4);
    Path out = Path.of("benchmarks", "results", "kcp-bulk.md");
    boolean help;

    static BulkOptions parse(String[] args) {
        BulkOptions options = new BulkOptions();
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
        while (!rest.isEmpty()) {
            options.take(rest.pop(), rest);
        }
        return options;
    }

    private void take(String option, Deque<String> rest) {
        switch (option) {
            case "--help", "-h" -> help = true;
            case "--contestants" -> entries = entries(value(option, rest));
            case "--rounds" -> rounds = positive(option, value(option, rest));
            case "--warmup" -> warmUp = Duration.ofSeconds(positive(option, value(option, rest)));
            case "--measure" -> measure = Duration.ofSeconds(positive(option, value(option, rest)));
            case "--out" -> out = Path.of(value(option, rest));
            default -> throw new UsageException("unknown option \"" + option + "\"; see --help");
        }
    }

    private static List<Entry> entries(String text) {
        return Arrays.stream(text.split(",", -1)).map(Entry::parse).toList();
    }

    private static int positive(String option, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is not positive.
        }
        throw new UsageException(option + " needs a positive whole number, not \"" + text + "\"");
    }

    private static String value(String option, Deque<String> rest) {
        String value = rest.poll();
        if (value == null) {
            throw new UsageException(option + " needs a value; see --help");
        }
        return value;
    }
}
