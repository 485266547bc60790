package io.fairlead.benchmarks.latency;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A command line tool as server and as client. Both have ended when a run is over; every wait has a bound.
 *
 * @param listening prints what listens here, with the number of the process; asked until it names the server, since the
 *     tools do not tell, and trying to connect would be their one client
 */
record ToolPair(List<String> server, List<String> client, List<String> listening, Duration bound) {
    static final List<String> RDMA_LISTENERS = List.of("rdma", "resource", "show", "cm_id");
    static final List<String> TCP_LISTENERS = List.of("ss", "-Hltnp");

    private static final Duration SERVER_START = Duration.ofSeconds(20);

    /** @return what the client printed */
    String run() throws IOException, InterruptedException {
        Path serverOutput = Files.createTempFile("tool-server", ".out");
        Path clientOutput = Files.createTempFile("tool-client", ".out");
        Process serving = start(server, serverOutput);
        try {
            awaitListening(serving, serverOutput);
            Process asking = start(client, clientOutput);
            try {
                if (!asking.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw failure("not ended within " + bound.toSeconds() + " s", serverOutput, clientOutput);
                }
            } finally {
                end(asking);
            }
            if (asking.exitValue() != 0) {
                throw failure("exit code " + asking.exitValue(), serverOutput, clientOutput);
            }
            return Files.readString(clientOutput, StandardCharsets.ISO_8859_1);
        } finally {
            end(serving);
            Files.deleteIfExists(serverOutput);
            Files.deleteIfExists(clientOutput);
        }
    }

    private void awaitListening(Process serving, Path serverOutput) throws IOException, InterruptedException {
        Pattern server = Pattern.compile("(?m)^.*\\bLISTEN\\b.*\\bpid[ =]" + serving.pid() + "\\b");
        long deadline = System.nanoTime() + SERVER_START.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Process list =
                    new ProcessBuilder(listening).redirectErrorStream(true).start();
            if (server.matcher(new String(list.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .find()) {
                return;
            }
            if (serving.waitFor(50, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw failure("the server does not listen", serverOutput, serverOutput);
    }

    private static Process start(List<String> command, Path output) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
    }

    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " cannot be ended");
        }
    }

    private IOException failure(String what, Path serverOutput, Path clientOutput) throws IOException {
        return new IOException(String.join(" ", client) + ": " + what + "; client: " + lastLines(clientOutput)
                + "; server: " + lastLines(serverOutput));
    }

    private static String lastLines(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output, StandardCharsets.ISO_8859_1);
        return String.join(" / ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }
}
