package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.ChildProcess;
import io.fairlead.benchmarks.latency.peer.PeerProcess;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Two JVMs with one of our providers. */
final class FairleadPair implements Competitor {
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration STEP_BOUND = Duration.ofSeconds(45);
    private static final double NS_PER_SECOND = 1e9;
    private static final double MIB = 1 << 20;

    private final String provider;
    private final RdmaOptions options;

    FairleadPair(String provider, RdmaOptions options) {
        this.provider = provider;
        this.options = options;
    }

    @Override
    public String name() {
        return "fairlead-" + provider;
    }

    @Override
    public String setUp() {
        return "the provider " + provider + " through the SPI: callback forms, inline handlers, "
                + (settings().isEmpty() ? "settings by default" : String.join(", ", settings())) + "; "
                + options.window + " writes in flight for bandwidth; who looks at memory yields every "
                + options.yieldEvery
                + " looks; a JVM a side, java " + String.join(" ", options.jvmFlags) + ", warmed up for at most "
                + options.warmUp.toSeconds() + " s an exercise";
    }

    @Override
    public Optional<String> obstacle() {
        TransportProvider installed = Transports.installed().get(provider);
        return installed == null ? Optional.of("no such provider on the class path") : installed.unavailableReason();
    }

    @Override
    public boolean enters(Exercise exercise) {
        return true;
    }

    @Override
    public void run(List<Exercise> exercises, int round, Consumer<LatencySample> samples)
            throws IOException, InterruptedException {
        try (ChildProcess server = start("server")) {
            String endpoint = server.await("ready", START_BOUND);
            try (ChildProcess client = start("client")) {
                client.await("ready", START_BOUND);
                ask(client, "connect " + endpoint);
                ask(server, "meet " + ask(client, "grant"));
                ask(client, "meet " + ask(server, "grant"));
                for (Exercise exercise : exercises) {
                    samples.accept(run(server, client, exercise, round));
                }
            }
        }
    }

    private LatencySample run(ChildProcess server, ChildProcess client, Exercise exercise, int round)
            throws IOException, InterruptedException {
        int operations = exercise.operations(options.operations);
        String prepare = "prepare " + exercise.kind() + " " + exercise.bytes();
        ask(client, prepare);
        ask(server, prepare);
        client.tell("warm-up " + Math.max(2 * options.window, operations / 4) + " " + options.warmUp.toMillis());
        client.await("warm-up", STEP_BOUND.plus(options.warmUp));
        ask(server, "mark");
        ask(client, "mark");
        String[] measured = ask(client, "measure " + operations).split(" ", -1);
        String[] atClient = ask(client, "allocated").split(" ", -1);
        String[] atServer = ask(server, "allocated").split(" ", -1);
        ask(client, "finish");
        ask(server, "finish");
        double figure = switch (exercise.kind()) {
            case WRITE, SEND -> Double.parseDouble(measured[0]) / 2e3;
            case READ -> Double.parseDouble(measured[0]) / 1e3;
            case BANDWIDTH -> exercise.bytes() / MIB * NS_PER_SECOND / Double.parseDouble(measured[2]);
        };
        double p99 = switch (exercise.kind()) {
            case WRITE, SEND -> Double.parseDouble(measured[1]) / 2e3;
            case READ -> Double.parseDouble(measured[1]) / 1e3;
            case BANDWIDTH -> Double.NaN;
        };
        double allocated = (Long.parseLong(atClient[0]) + Long.parseLong(atServer[0])) / (double) operations;
        String notes = String.format(
                Locale.ROOT,
                "mean=%.2f client:%s server:%s",
                Double.parseDouble(measured[2]) / 1e3,
                atClient[1],
                atServer[1]);
        return new LatencySample(name(), exercise, round, figure, p99, allocated, notes);
    }

    /** The rest of the answer's line, which repeats the command. */
    private static String ask(ChildProcess child, String command) throws IOException, InterruptedException {
        child.tell(command);
        return child.await(command.split(" ", 2)[0], STEP_BOUND);
    }

    private List<String> settings() {
        return options.settings.stream()
                .filter(setting -> setting.startsWith(provider + "."))
                .toList();
    }

    private ChildProcess start(String role) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options.jvmFlags);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), PeerProcess.class.getName(), role, provider));
        command.addAll(
                List.of(options.address, Integer.toString(options.yieldEvery), Integer.toString(options.window)));
        command.addAll(settings());
        return new ChildProcess(name() + " " + role, command, Map.of());
    }
}
