package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.CommandLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
                    Peers.named(parts[0]),
                    parts.length == 1 ? 1024 : CommandLine.positive("the window of " + parts[0], parts[1]));
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
        CommandLine line = new CommandLine(args);
        while (line.hasMore()) {
            options.take(line);
        }
        return options;
    }

    private void take(CommandLine line) {
        switch (line.option()) {
            case "--help", "-h" -> help = true;
            case "--contestants" -> entries = entries(line.value());
            case "--rounds" -> rounds = line.positive();
            case "--warmup" -> warmUp = Duration.ofSeconds(line.positive());
            case "--measure" -> measure = Duration.ofSeconds(line.positive());
            case "--out" -> out = Path.of(line.value());
            default -> throw line.unknown();
        }
    }

    private static List<Entry> entries(String text) {
        return Arrays.stream(text.split(",", -1)).map(Entry::parse).toList();
    }
}
