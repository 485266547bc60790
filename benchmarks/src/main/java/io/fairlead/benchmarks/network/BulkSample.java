package io.fairlead.benchmarks.network;

import java.util.Locale;

/**
 * One run of a bulk transfer.
 *
 * @param entry the peer and its window
 * @param bytes received in the window of measurement
 * @param ns how long that was, by the server's clock
 * @param cpuNs of both processes
 */
record BulkSample(String entry, int round, long bytes, long ns, long cpuNs) {
    static final String COLUMNS = "contestant round MB_per_s cpu_s_per_GiB";

    double megabytesPerSecond() {
        return bytes * 1e3 / ns;
    }

    double cpuSecondsPerGib() {
        return cpuNs / 1e9 / ((double) bytes / (1 << 30));
    }

    String print() {
        return String.format(Locale.ROOT, "%s %d %.1f %.3f", entry, round, megabytesPerSecond(), cpuSecondsPerGib());
    }
}
