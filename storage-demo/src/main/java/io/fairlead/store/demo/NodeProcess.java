package io.fairlead.store.demo;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.transport.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own. It stops when the pipe to its standard input ends, so it cannot outlive us. */
final class NodeProcess {
    private final String id;
    private final Process process;
    private final Path log;
    private Map<String, String> announced = Map.of();

    private NodeProcess(String id, Process process, Path log) {
        this.id = id;
        this.process = process;
        this.log = log;
    }

    /** Starts it; {@link #awaitReady()} tells when it serves. */
    static NodeProcess start(String id, List<String> command, String host, List<String> settings, Path directory) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(
                "--exit-with-stdin", "--id", id, "--dir", directory.resolve(id).toString()));
        String anyPort = new Endpoint(host, 0).toString();
        line.addAll(List.of("--listen", anyPort, "--http", anyPort));
        for (String setting : settings) {
            line.add("--set");
            line.add(setting);
        }
        Path log = directory.resolve(id + ".log");
        try {
            Process process =
                    new ProcessBuilder(line).redirectError(log.toFile()).start();
            return new NodeProcess(id, process, log);
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot start node " + id + ": " + e.getMessage(), e);
        }
    }

    /** Waits for the line in which the node tells its addresses, or for its end. */
    void awaitReady() {
        Map<String, String> fields = new HashMap<>();
        try {
            BufferedReader out = process.inputReader();
            String line = out.readLine();
            for (String field : line == null ? new String[0] : line.split(" ")) {
                int split = field.indexOf('=');
                if (split > 0) {
                    fields.put(field.substring(0, split), field.substring(split + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!fields.containsKey("endpoint") || !fields.containsKey("http")) {
            throw new StoreException(StoreError.UNREACHABLE, "node " + id + " did not start: " + lastWords());
        }
        announced = Map.copyOf(fields);
    }

    String howItEnded() {
        return "node " + id + " has ended: " + lastWords();
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    String id() {
        return id;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Endpoint endpoint() {
        return Endpoint.parse(announced.getOrDefault("endpoint", ""));
    }

    String http() {
        return "http://" + announced.get("http");
    }

    /** SIGKILL: it gets no chance to finish anything. */
    void kill() {
        process.toHandle().destroyForcibly();
        waitFor(10);
    }

    /** SIGTERM. */
    void askToStop() {
        process.toHandle().destroy();
    }

    boolean waitFor(int seconds) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(seconds, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
