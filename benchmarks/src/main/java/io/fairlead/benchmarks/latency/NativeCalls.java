package io.fairlead.benchmarks.latency;

import java.util.Locale;

/**
 * Native calls and what they carried, of both sides together, in one exercise over RDMA.
 *
 * @param operations the client's; a ping-pong is two, one of each side
 * @param posts calls that posted requests, of sends and receives alike
 * @param requests work requests posted by them
 * @param polls calls that found completions; others, of a poller that waits, are not counted
 * @param completions found by them
 */
record NativeCalls(Exercise exercise, long operations, long posts, long requests, long polls, long completions) {
    static String heading() {
        return "| exercise | posts | requests | polls | completions |\n|---|---:|---:|---:|---:|\n";
    }

    static NativeCalls of(Exercise exercise, int exchanges, String client, String server) {
        long[] sum = new long[4];
        for (String side : new String[] {client, server}) {
            String[] counts = side.split(" ", -1);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += Long.parseLong(counts[i]);
            }
        }
        int perExchange = exercise.isPingPong() ? 2 : 1;
        return new NativeCalls(exercise, (long) perExchange * exchanges, sum[0], sum[1], sum[2], sum[3]);
    }

    /** For each operation. */
    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f | %.2f |%n",
                exercise.name(),
                posts / (double) operations,
                requests / (double) operations,
                polls / (double) operations,
                completions / (double) operations);
    }
}
