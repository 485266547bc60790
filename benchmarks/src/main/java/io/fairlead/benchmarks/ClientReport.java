package io.fairlead.benchmarks;

/**
 * What a client child tells its parent.
 *
 * @param minPerLane operations of the slowest connection
 * @param expectedChecksum of the target, by replay
 * @param targetChecksum of the target if it lies at the client; else the server is asked
 */
record ClientReport(
        long operations,
        long elapsedNs,
        long minPerLane,
        ProcessUsage usage,
        Latency latency,
        long expectedChecksum,
        long targetChecksum) {

    String print() {
        return String.join(
                ";",
                Long.toString(operations),
                Long.toString(elapsedNs),
                Long.toString(minPerLane),
                usage.print(),
                latency.print(),
                Long.toString(expectedChecksum),
                Long.toString(targetChecksum));
    }

    static ClientReport parse(String line) {
        String[] parts = line.split(";", -1);
        return new ClientReport(
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                ProcessUsage.parse(parts[3]),
                Latency.parse(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]));
    }
}
