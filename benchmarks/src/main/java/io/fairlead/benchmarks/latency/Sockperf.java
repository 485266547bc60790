package io.fairlead.benchmarks.latency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** sockperf, in C++: what the kernel's TCP gives to blocking sockets. */
final class Sockperf implements Competitor {
    private static final Path TOOL = Path.of("/usr/bin/sockperf");
    private static final int SECONDS = 3;
    private static final Duration BOUND = Duration.ofSeconds(SECONDS + 30);
    private static final String PORT = "18516";
    private static final Pattern PERCENTILE = Pattern.compile("percentile ([0-9.]+) = +([0-9.]+)");

    private final RdmaOptions options;

    Sockperf(RdmaOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "sockperf-tcp";
    }

    @Override
    public String setUp() {
        return "sockperf ping-pong --tcp for " + SECONDS + " s, percentile 50, which is of half a round trip";
    }

    @Override
    public Optional<String> obstacle() {
        return Files.isExecutable(TOOL)
                ? Optional.empty()
                : Optional.of("sockperf is missing (Debian: apt-get install sockperf)");
    }

    /** Its messages are shorter than 64 KiB. */
    @Override
    public boolean enters(Exercise exercise) {
        return exercise.kind() == Exercise.Kind.SEND && exercise.bytes() < 65_000;
    }

    @Override
    public Session begin() {
        return this::measure;
    }

    private LatencySample measure(Exercise exercise, int round) throws IOException, InterruptedException {
        String output = pair(exercise).run();
        return new LatencySample(
                name(), exercise, round, percentile(output, 50), percentile(output, 99), Double.NaN, "");
    }

    private ToolPair pair(Exercise exercise) {
        List<String> server = List.of(TOOL.toString(), "server", "--tcp", "-i", options.address, "-p", PORT);
        List<String> client = List.of(
                TOOL.toString(),
                "ping-pong",
                "--tcp",
                "-i",
                options.address,
                "-p",
                PORT,
                "-m",
                Integer.toString(exercise.bytes()),
                "-t",
                Integer.toString(SECONDS),
                // Its other clock counts cycles, at a frequency that it does not know in a guest.
                "--no-rdtsc");
        return new ToolPair(server, client, ToolPair.TCP_LISTENERS, BOUND);
    }

    static double percentile(String output, double wanted) throws IOException {
        Matcher matcher = PERCENTILE.matcher(output);
        while (matcher.find()) {
            if (Double.parseDouble(matcher.group(1)) == wanted) {
                return Double.parseDouble(matcher.group(2));
            }
        }
        throw new IOException("sockperf printed no percentile " + wanted + ": " + output.strip());
    }
}
