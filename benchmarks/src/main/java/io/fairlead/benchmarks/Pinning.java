package io.fairlead.benchmarks;

import java.util.List;

/**
 * Which cores the two processes may use, as {@code taskset} wants them; empty means all. Left free, the scheduler now and
 * then puts a sleeping pair on one core, where an echo takes a tenth of the time it takes across cores.
 */
record Pinning(String serverCpus, String clientCpus) {
    static final Pinning NONE = new Pinning("", "");

    static Pinning parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new UsageException(
                    "--pin needs the server's and the client's cores such as 0/1, not \"" + text + "\"");
        }
        return new Pinning(parts[0], parts[1]);
    }

    List<String> serverPrefix() {
        return prefix(serverCpus);
    }

    List<String> clientPrefix() {
        return prefix(clientCpus);
    }

    private static List<String> prefix(String cpus) {
        return cpus.isEmpty() ? List.of() : List.of("taskset", "-c", cpus);
    }
}
