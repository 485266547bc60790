package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs one peer with one window once: the client pushes what it can, the server compares every byte. */
record BulkTrial(Peer peer, int windowSegments, Duration warmUp, Duration measure) {
    private static final Duration STEP_BOUND = Duration.ofSeconds(30);
    private static final int CHUNK_BYTES = 64 * 1024;

    String entry() {
        return peer.name() + (peer.hasWindow() ? " " + windowSegments : "");
    }

    BulkSample run(int round) throws IOException, InterruptedException {
        try (VethPair network = new VethPair(peer.congestionControl());
                ChildProcess server =
                        start(network.serverPrefix(), List.of("bulk-server", peer.name(), VethPair.SERVER_HOST))) {
            server.await("listening", STEP_BOUND);
            List<String> client =
                    List.of("bulk-client", peer.name(), VethPair.SERVER_HOST, Integer.toString(CHUNK_BYTES));
            try (ChildProcess started = start(network.clientPrefix(), client)) {
                started.await("ready", STEP_BOUND);
                Thread.sleep(warmUp);
                Count server0 = count(server);
                Count client0 = count(started);
                Thread.sleep(measure);
                Count server1 = count(server);
                Count client1 = count(started);
                long bytes = server1.bytes - server0.bytes;
                if (bytes == 0) {
                    throw new IOException(entry() + " moved nothing, " + server1.bytes + " bytes before");
                }
                return new BulkSample(
                        entry(),
                        round,
                        bytes,
                        server1.timeNs - server0.timeNs,
                        server1.cpuNs - server0.cpuNs + client1.cpuNs - client0.cpuNs);
            }
        }
    }

    private ChildProcess start(List<String> prefix, List<String> arguments) throws IOException {
        return new ChildProcess(
                entry() + " " + arguments.getFirst(),
                PeerCommand.of(peer, prefix, arguments),
                Map.of(Peer.WINDOW_VARIABLE, Integer.toString(windowSegments)));
    }

    private record Count(long bytes, long timeNs, long cpuNs) {}

    private static Count count(ChildProcess child) throws IOException, InterruptedException {
        child.tell("count");
        String[] words = child.await("count", STEP_BOUND).split(" ", -1);
        return new Count(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
}
