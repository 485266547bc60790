package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.CommandLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The command line of {@link CompareRdma}, and what the machine with RDMA tells in its environment. */
final class RdmaOptions {
    List<Exercise> exercises = Exercise.ALL;
    List<String> competitors = List.of("fairlead-rdma", "perftest", "fairlead-tcp", "sockperf-tcp");
    int rounds = 3;
    int turns = 3;
    int operations = 20_000;
    Duration warmUp = Duration.ofSeconds(60);
    int window = 64;
    List<String> settings = List.of();
    List<String> jvmFlags = List.of(
            "-Xms64m",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:-TieredCompilation",
            "-XX:-BackgroundCompilation",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:AsyncDeflationInterval=0",
            "--enable-native-access=ALL-UNNAMED");
    Path out = Path.of("benchmarks", "results", "rdma.md");
    String address = Objects.requireNonNullElse(System.getenv("SOFT_ROCE_ADDRESS"), "127.0.0.1");
    final String device = Objects.requireNonNullElse(System.getenv("SOFT_ROCE_DEVICE"), "");
    final boolean guest = "guest".equals(System.getenv("SOFT_ROCE"));

    static RdmaOptions parse(String[] args) {
        RdmaOptions options = new RdmaOptions();
        CommandLine line = new CommandLine(args);
        while (line.hasMore()) {
            options.take(line);
        }
        return options;
    }

    private void take(CommandLine line) {
        switch (line.option()) {
            case "--exercises" ->
                exercises = line.names().stream().map(Exercise::named).toList();
            case "--competitors" -> competitors = line.names();
            case "--rounds" -> rounds = line.positive();
            case "--turns" -> turns = line.positive();
            case "--operations" -> operations = line.positive();
            case "--warmup" -> warmUp = Duration.ofSeconds(line.positive());
            case "--window" -> window = line.positive();
            case "--set" -> settings = line.names();
            case "--jvm" -> jvmFlags = List.of(line.value().split(" ", -1));
            case "--address" -> address = line.value();
            case "--out" -> out = Path.of(line.value());
            default -> throw line.unknown();
        }
    }
}
