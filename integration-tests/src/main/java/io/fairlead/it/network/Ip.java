package io.fairlead.it.network;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The {@code ip} command of iproute2. Each call blocks for some milliseconds. */
final class Ip {
    private Ip() {}

    /** What {@code ip arguments…} prints; a failure carries its message. */
    static String run(String... arguments) throws IOException {
        return withInput("", arguments);
    }

    /** Runs commands in the namespace, one a line. */
    static void batch(String namespace, String... lines) throws IOException {
        withInput(String.join("\n", lines) + "\n", "-n", namespace, "-batch", "-");
    }

    private static String withInput(String input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            // A few lines, far less than a pipe holds: nothing to interleave with reading.
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.US_ASCII));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during " + command, e);
        }
    }
}
