package io.fairlead.benchmarks.latency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tools of perftest, in C: what the RDMA device gives to those who poll it by hand. */
final class Perftest implements Competitor {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int PORT = 18_515;
    private static final int ATTEMPTS = 3;

    private final RdmaOptions options;

    Perftest(RdmaOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "perftest";
    }

    @Override
    public String setUp() {
        return "ib_write_lat, ib_send_lat, ib_read_lat and ib_write_bw (its default of 128 in flight), with -R; the column"
                + " t_typical, which is the median, or the average bandwidth; a run whose clock could not be calibrated is"
                + " repeated";
    }

    @Override
    public Optional<String> obstacle() {
        if (!Files.isExecutable(Path.of("/usr/bin", tool(Exercise.Kind.WRITE)))) {
            return Optional.of("perftest is missing (Debian: apt-get install perftest)");
        }
        return options.device.isEmpty() ? Optional.of("there is no RDMA device") : Optional.empty();
    }

    @Override
    public boolean enters(Exercise exercise) {
        return true;
    }

    @Override
    public Session begin() {
        return this::measure;
    }

    private LatencySample measure(Exercise exercise, int round) throws IOException, InterruptedException {
        int operations = exercise.operations(options.operations);
        List<String> server = List.of(
                "/usr/bin/" + tool(exercise.kind()),
                "-R",
                "-F",
                "-p",
                Integer.toString(PORT),
                "-s",
                Integer.toString(exercise.bytes()),
                "-n",
                // The bandwidth needs more than its window of 128.
                Integer.toString(exercise.kind() == Exercise.Kind.BANDWIDTH ? Math.max(500, operations) : operations));
        List<String> client = new ArrayList<>(server);
        client.add(options.address);
        ToolPair pair = new ToolPair(server, client, ToolPair.RDMA_LISTENERS, BOUND);
        PerftestOutput output = PerftestOutput.parse(pair.run());
        for (int attempt = 1; attempt < ATTEMPTS && !output.calibrated(); attempt++) {
            output = PerftestOutput.parse(pair.run());
        }
        return new LatencySample(
                name(),
                exercise,
                round,
                output.figure(),
                output.p99(),
                Double.NaN,
                output.calibrated() ? "" : "clock-not-calibrated");
    }

    private static String tool(Exercise.Kind kind) {
        return switch (kind) {
            case WRITE, NOTIFY -> "ib_write_lat";
            case SEND -> "ib_send_lat";
            case READ -> "ib_read_lat";
            case BANDWIDTH -> "ib_write_bw";
        };
    }
}
