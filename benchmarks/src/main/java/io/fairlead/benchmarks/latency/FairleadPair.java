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

    /**
     * Before HotSpot compiles a method, the thread that asked for it makes the string constants of its class: once, some kilobytes. A target
     * of one-sided operations, which does little, gets so far long after the warm-up. So allocation is counted again, up to so many times.
     */
    private static final int RECOUNTS = 2;

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
                + options.window + " writes in flight for bandwidth; a JVM a side, java "
                + String.join(" ", options.jvmFlags) + ", warmed up for at most "
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
        try (Children children = meet(false)) {
            for (Exercise exercise : exercises) {
                samples.accept(measured(children, exercise, round));
            }
        }
    }

    /** Counts native calls, in processes with meters; nothing of it is for the clock. */
    void count(List<Exercise> exercises, Consumer<NativeCalls> counted) throws IOException, InterruptedException {
        try (Children children = meet(true)) {
            for (Exercise exercise : exercises) {
                int operations = exercise.operations(options.operations);
                prepare(children, exercise, Duration.ofMillis(1));
                ask(children.client, "measure " + operations);
                counted.accept(NativeCalls.of(
                        exercise, operations, ask(children.client, "calls"), ask(children.server, "calls")));
                finish(children);
            }
        }
    }

    private record Children(ChildProcess server, ChildProcess client) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (server) {
                client.close();
            }
        }
    }

    private Children meet(boolean meters) throws IOException, InterruptedException {
        Children children = new Children(start("server", meters), start("client", meters));
        try {
            String endpoint = children.server.await("ready", START_BOUND);
            children.client.await("ready", START_BOUND);
            ask(children.client, "connect " + endpoint);
            ask(children.server, "meet " + ask(children.client, "grant"));
            ask(children.client, "meet " + ask(children.server, "grant"));
            return children;
        } catch (IOException | InterruptedException | RuntimeException e) {
            children.close();
            throw e;
        }
    }

    private void prepare(Children children, Exercise exercise, Duration warmUp)
            throws IOException, InterruptedException {
        String prepare = "prepare " + exercise.kind() + " " + exercise.bytes();
        ask(children.client, prepare);
        ask(children.server, prepare);
        int block = Math.max(2 * options.window, exercise.operations(options.operations) / 4);
        children.client.tell("warm-up " + block + " " + warmUp.toMillis());
        children.client.await("warm-up", STEP_BOUND.plus(warmUp));
        mark(children);
    }

    private static void mark(Children children) throws IOException, InterruptedException {
        ask(children.server, "mark");
        ask(children.client, "mark");
    }

    private static void finish(Children children) throws IOException, InterruptedException {
        ask(children.client, "finish");
        ask(children.server, "finish");
    }

    private LatencySample measured(Children children, Exercise exercise, int round)
            throws IOException, InterruptedException {
        int operations = exercise.operations(options.operations);
        prepare(children, exercise, options.warmUp);
        String[] measured = ask(children.client, "measure " + operations).split(" ", -1);
        Allocated allocated = Allocated.of(ask(children.client, "allocated"), ask(children.server, "allocated"));
        for (int again = 0; allocated.bytes() > 0 && again < RECOUNTS; again++) {
            mark(children);
            ask(children.client, "measure " + operations);
            allocated = allocated.orLess(
                    Allocated.of(ask(children.client, "allocated"), ask(children.server, "allocated")));
        }
        finish(children);
        double perExchange = exercise.isPingPong() ? 2e3 : 1e3;
        boolean bandwidth = exercise.kind() == Exercise.Kind.BANDWIDTH;
        double figure = bandwidth
                ? exercise.bytes() / MIB * NS_PER_SECOND / Double.parseDouble(measured[2])
                : Double.parseDouble(measured[0]) / perExchange;
        double p99 = bandwidth ? Double.NaN : Double.parseDouble(measured[1]) / perExchange;
        String notes =
                String.format(Locale.ROOT, "mean=%.2f %s", Double.parseDouble(measured[2]) / 1e3, allocated.byThread());
        return new LatencySample(name(), exercise, round, figure, p99, allocated.bytes() / (double) operations, notes);
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

    private ChildProcess start(String role, boolean meters) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options.jvmFlags);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), PeerProcess.class.getName(), role, provider));
        command.addAll(List.of(options.address, Integer.toString(options.window), Boolean.toString(meters)));
        command.addAll(settings());
        return new ChildProcess(name() + " " + role, command, Map.of());
    }
}
