package io.fairlead.benchmarks.latency;

import io.fairlead.benchmarks.ChildProcess;
import io.fairlead.benchmarks.latency.peer.PeerProcess;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Two JVMs with one of our providers. */
final class FairleadPair implements Competitor {
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
    public Session begin() throws IOException, InterruptedException {
        return meet(false);
    }

    /** Counts native calls, in processes with meters; nothing of it is for the clock. */
    void count(List<Exercise> exercises, Consumer<NativeCalls> counted) throws IOException, InterruptedException {
        try (FairleadSession session = meet(true)) {
            for (Exercise exercise : exercises) {
                counted.accept(session.count(exercise));
            }
        }
    }

    private FairleadSession meet(boolean meters) throws IOException, InterruptedException {
        FairleadSession session =
                new FairleadSession(name(), start("server", meters), start("client", meters), options);
        try {
            session.meet();
            return session;
        } catch (IOException | InterruptedException | RuntimeException e) {
            session.close();
            throw e;
        }
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
