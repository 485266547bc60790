package io.fairlead.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line of {@link Compare}. */
final class CompareOptions {
    static final String HELP = """
            Compares transports in whole processes on loopback, contestants interleaved in every round.

            compare [options]
              --workloads A,B      default: all
              --contestants A,B    default: all that enter
              --baseline NAME      default: raw-nio-busy for workloads of spinners, else raw-nio-blocking
              --rounds N           default: 5
              --warmup SECONDS     default: 2
              --measure SECONDS    default: 3
              --max-gib N          bytes moved at most in each of the two phases; default: 64
              --seed N             of offsets and contents; default: 1
              --pin S/C            cores of the servers and of the clients, such as 0/1; default: all
              --out FILE           where the tables and the raw samples go;
                                   default: benchmarks/results/compare-TIME.md
              --list               names the workloads and contestants, and who does not enter what
            """;

    List<Workload> workloads = Workloads.ALL;
    List<Contestant> contestants = Contestants.ALL;

    @Nullable
    Contestant baseline;

    int rounds = 5;
    RunLength length = new RunLength(Duration.ofSeconds(2), Duration.ofSeconds(3), 64L << 30);
    long seed = 1;
    Pinning pinning = Pinning.NONE;

    @Nullable
    Path out;

    boolean list;
    boolean help;

    static CompareOptions parse(String[] args) {
        CompareOptions options = new CompareOptions();
        CommandLine line = new CommandLine(args);
        while (line.hasMore()) {
            options.take(line);
        }
        return options;
    }

    String baselineFor(Workload workload) {
        if (baseline != null) {
            return baseline.name();
        }
        return workload.waiting() == Waiting.SPIN ? "raw-nio-busy" : "raw-nio-blocking";
    }

    private void take(CommandLine line) {
        switch (line.option()) {
            case "--help", "-h" -> help = true;
            case "--list" -> list = true;
            case "--workloads" ->
                workloads = line.names().stream().map(Workloads::named).toList();
            case "--contestants" ->
                contestants = line.names().stream().map(Contestants::named).toList();
            case "--baseline" -> baseline = Contestants.named(line.value());
            case "--rounds" -> rounds = line.positive();
            case "--warmup" ->
                length =
                        new RunLength(Duration.ofSeconds(line.positive()), length.measure(), length.maxBytesPerPhase());
            case "--measure" ->
                length = new RunLength(length.warmUp(), Duration.ofSeconds(line.positive()), length.maxBytesPerPhase());
            case "--max-gib" ->
                length = new RunLength(
                        length.warmUp(), length.measure(), Math.multiplyExact((long) line.positive(), 1L << 30));
            case "--seed" -> seed = line.positive();
            case "--pin" -> pinning = Pinning.parse(line.value());
            case "--out" -> out = Path.of(line.value());
            default -> throw line.unknown();
        }
    }
}
