package io.fairlead.transport.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** This process's file descriptors, where the system tells. */
final class OpenFiles {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : 1024;
    }

    static long count() {
        String[] names = DESCRIPTORS.toFile().list();
        return names == null ? 100 : names.length;
    }

    /**
     * How many descriptors of each kind that a transport may hold are open: sockets, pipes, selectors. Jars and devices, which the JVM
     * opens when it likes, are left out.
     */
    static Map<String, Integer> byKind() {
        Map<String, Integer> kinds = new TreeMap<>();
        File[] descriptors = DESCRIPTORS.toFile().listFiles();
        if (descriptors == null) {
            return kinds;
        }
        for (File descriptor : descriptors) {
            try {
                String target = Files.readSymbolicLink(descriptor.toPath()).toString();
                if (!target.startsWith("/")) {
                    kinds.merge(target.replaceAll("\\[\\d+]$", ""), 1, Integer::sum);
                }
            } catch (IOException e) {
                // Closed since the listing.
            }
        }
        return kinds;
    }
}
