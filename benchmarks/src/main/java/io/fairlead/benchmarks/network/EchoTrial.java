package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.ChildProcess;
import io.fairlead.it.network.BadNetwork;
import io.fairlead.it.network.NetworkConfig;
import io.fairlead.it.network.NetworkEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One contestant, one weather, one seed: a network of its own, the server at its end b, the client at its end a. */
final class EchoTrial implements AutoCloseable {
    private static final Duration STEP_BOUND = Duration.ofSeconds(90);

    /** For acknowledgements that are on their way when the last echo arrives. */
    private static final Duration SETTLE = Duration.ofMillis(500);

    private final Peer peer;
    private final Weather weather;
    private final long seed;
    private final int warmUp;
    private final int messages;
    private final BadNetwork network;
    private final ChildProcess server;
    private final ChildProcess client;

    /** Returns when the client is connected. */
    EchoTrial(Peer peer, Weather weather, long seed, int warmUp, int messages)
            throws IOException, InterruptedException {
        this.peer = peer;
        this.weather = weather;
        this.seed = seed;
        this.warmUp = warmUp;
        this.messages = messages;
        network = BadNetwork.open(
                NetworkConfig.of(weather.conditions(), seed).withCongestionControl(peer.congestionControl()));
        ChildProcess startedServer = null;
        ChildProcess startedClient = null;
        try {
            String host = network.b().address().getHostAddress();
            startedServer = start(network.b(), List.of("echo-server", peer.name(), host));
            startedServer.await("listening", STEP_BOUND);
            startedClient = start(
                    network.a(),
                    List.of(
                            "echo-client",
                            peer.name(),
                            host,
                            Long.toString(seed),
                            Integer.toString(warmUp),
                            Integer.toString(messages)));
            startedClient.await("ready", STEP_BOUND);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close(startedClient, startedServer);
            throw e;
        }
        server = startedServer;
        client = startedClient;
    }

    private ChildProcess start(NetworkEnd end, List<String> arguments) throws IOException {
        return new ChildProcess(
                peer.name() + " " + arguments.getFirst(), PeerCommand.of(peer, end.prefix(), arguments), Map.of());
    }

    /** From now on both processes come before all that other people do on the machine, as the emulator does anyway. */
    void prefer() throws IOException, InterruptedException {
        for (ChildProcess child : List.of(server, client)) {
            Process process = new ProcessBuilder(
                            "chrt", "--all-tasks", "--rr", "--pid", "1", Long.toString(child.pid()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("cannot give " + peer.name() + " real-time priority: " + output.strip());
            }
        }
    }

    void go() throws IOException {
        client.tell("go");
    }

    EchoSample result() throws IOException, InterruptedException {
        Duration length = Duration.ofNanos((warmUp + messages) * OpenLoopEcho.INTERVAL_NS);
        String[] report = client.await("report", STEP_BOUND.plus(length)).split(" ", -1);
        Thread.sleep(SETTLE);
        int[] latencies = Arrays.stream(report, 1, report.length)
                .mapToInt(Integer::parseInt)
                .toArray();
        return new EchoSample(
                weather.name(),
                peer.name(),
                seed,
                2L * (warmUp + messages) * OpenLoopEcho.MESSAGE_BYTES,
                Long.parseLong(report[0]),
                EchoSample.WireCount.of(network.counters()),
                latencies);
    }

    @Override
    public void close() throws IOException {
        close(client, server);
    }

    private void close(@Nullable ChildProcess... children) throws IOException {
        for (@Nullable ChildProcess child : children) {
            if (child != null) {
                child.close();
            }
        }
        network.close();
    }
}
