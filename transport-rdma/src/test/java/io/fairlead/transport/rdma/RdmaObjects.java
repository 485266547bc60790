package io.fairlead.transport.rdma;

import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.RdmaUnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What this process holds of the RDMA stack and of the system.
 *
 * @param handles queue pairs, registrations, ids and all the others
 * @param files descriptors that a transport may have opened: devices of RDMA, event channels, sockets, pipes
 * @param threads of transports
 * @param pinned memory that the system holds in place since it is registered: of regions, grants and connections, as it writes it
 */
record RdmaObjects(int handles, long files, long threads, String pinned) {
    static RdmaObjects now() {
        try {
            return new RdmaObjects(Rdma.open().openObjects(), openFiles(), runningThreads(), pinnedMemory());
        } catch (RdmaUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    private static long openFiles() {
        File[] descriptors = new File("/proc/self/fd").listFiles();
        long count = 0;
        for (File descriptor : descriptors == null ? new File[0] : descriptors) {
            try {
                String target = Files.readSymbolicLink(descriptor.toPath()).toString();
                // The JVM opens jars and devices of its own when it likes.
                if (!target.startsWith("/") || target.startsWith("/dev/infiniband/")) {
                    count++;
                }
            } catch (IOException e) {
                // Closed since the listing.
            }
        }
        return count;
    }

    private static long runningThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().toLowerCase(Locale.ROOT).startsWith("fairlead"))
                .count();
    }

    private static String pinnedMemory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmPin:"))
                    .map(line -> line.substring("VmPin:".length()).strip())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
