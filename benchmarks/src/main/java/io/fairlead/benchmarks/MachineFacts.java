package io.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.StringJoiner;

/** What a reader must know about the machine to judge the numbers. */
public final class MachineFacts {
    private MachineFacts() {}

    public static String print() {
        StringJoiner facts = new StringJoiner("\n", "", "\n");
        facts.add("date: " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        facts.add("cpu: " + cpuModel() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        facts.add("kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.add("tcp congestion control: " + firstLine(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"), ""));
        facts.add("jdk: " + System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        facts.add("load average: " + loadAverage());
        return facts.toString();
    }

    /** Load over 1, 5 and 15 minutes, as the kernel tells it. */
    public static String loadAverage() {
        return firstLine(Path.of("/proc/loadavg"), "");
    }

    private static String cpuModel() {
        String line = firstLine(Path.of("/proc/cpuinfo"), "model name");
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private static String firstLine(Path file, String prefix) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(prefix)).findFirst().orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
