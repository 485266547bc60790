package io.fairlead.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** Runs one contestant once: a server child, a client child, the readings of both, and the check of the checksums. */
final class Trial {
    /** To start a JVM, connect, or replay on a loaded machine. */
    private static final Duration STEP_BOUND = Duration.ofSeconds(60);

    private final Workload workload;
    private final RunLength length;
    private final long seed;
    private final Pinning pinning;

    Trial(Workload workload, RunLength length, long seed, Pinning pinning) {
        this.workload = workload;
        this.length = length;
        this.seed = seed;
        this.pinning = pinning;
    }

    Sample run(Contestant contestant, int round) throws IOException, InterruptedException {
        try (ChildProcess server = new ChildProcess(
                contestant, pinning.serverPrefix(), Child.serverArguments(contestant, workload, seed))) {
            String address = server.await("address", STEP_BOUND);
            try (ChildProcess client = new ChildProcess(
                    contestant,
                    pinning.clientPrefix(),
                    Child.clientArguments(contestant, workload, seed, address, length))) {
                client.await("begin", STEP_BOUND.plus(length.warmUp()));
                ProcessUsage before = usage(server);
                client.await("end", STEP_BOUND.plus(length.measure()));
                ProcessUsage after = usage(server);
                ClientReport report = ClientReport.parse(client.await("report", STEP_BOUND));
                server.tell("stop");
                long serverChecksum = Long.parseLong(server.await("checksum", STEP_BOUND));
                check(contestant, report, serverChecksum);
                return new Sample(workload, contestant.name(), round, report, after.since(before));
            }
        }
    }

    private static ProcessUsage usage(ChildProcess server) throws IOException, InterruptedException {
        server.tell("usage");
        return ProcessUsage.parse(server.await("usage", STEP_BOUND));
    }

    private void check(Contestant contestant, ClientReport report, long serverChecksum) throws IOException {
        long found = workload.targetAtClient() ? report.targetChecksum() : serverChecksum;
        if (found != report.expectedChecksum()) {
            throw new IOException("%s placed wrong bytes in %s: checksum %08x, by replay %08x"
                    .formatted(contestant.name(), workload.name(), found, report.expectedChecksum()));
        }
        if (report.operations() == 0) {
            throw new IOException(contestant.name() + " completed nothing in " + workload.name());
        }
    }
}
