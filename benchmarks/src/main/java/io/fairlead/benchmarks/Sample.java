package io.fairlead.benchmarks;

import java.util.Locale;

/** What one contestant did in one round of one workload, by both processes. */
record Sample(Workload workload, String contestant, int round, ClientReport client, ProcessUsage server) {
    private static final double GIB = 1L << 30;

    static final String COLUMNS = "workload contestant round ops seconds ops/s GiB/s p50us p99us p99.9us"
            + " clientCpuSeconds serverCpuSeconds cpuSecondsPerGiB clientBytesPerOp serverBytesPerOp minShare";

    double seconds() {
        return client.elapsedNs() / 1e9;
    }

    double opsPerSecond() {
        return client.operations() / seconds();
    }

    double gibMoved() {
        return client.operations() * (double) workload.payloadBytes() / GIB;
    }

    double gibPerSecond() {
        return gibMoved() / seconds();
    }

    double cpuSeconds() {
        return (client.usage().cpuNs() + server.cpuNs()) / 1e9;
    }

    double cpuSecondsPerGib() {
        return cpuSeconds() / gibMoved();
    }

    double cpuMicrosPerOp() {
        return cpuSeconds() * 1e6 / client.operations();
    }

    double clientBytesPerOp() {
        return client.usage().allocatedBytes() / (double) client.operations();
    }

    double serverBytesPerOp() {
        return server.allocatedBytes() / (double) client.operations();
    }

    /** Operations of the slowest connection over what an even share would be; 1 is perfectly fair. */
    double minShare() {
        return client.minPerLane() * (double) workload.connections() / client.operations();
    }

    String print() {
        return String.format(
                Locale.ROOT,
                "%s %s %d %d %.3f %.0f %.4f %.2f %.2f %.2f %.3f %.3f %.4f %.2f %.2f %.3f",
                workload.name(),
                contestant,
                round,
                client.operations(),
                seconds(),
                opsPerSecond(),
                gibPerSecond(),
                client.latency().p50Ns() / 1e3,
                client.latency().p99Ns() / 1e3,
                client.latency().p999Ns() / 1e3,
                client.usage().cpuNs() / 1e9,
                server.cpuNs() / 1e9,
                cpuSecondsPerGib(),
                clientBytesPerOp(),
                serverBytesPerOp(),
                minShare());
    }
}
