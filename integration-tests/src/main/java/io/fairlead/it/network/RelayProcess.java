package io.fairlead.it.network;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The owner's handle of a {@link Relay}. Any thread; every wait has a bound. */
final class RelayProcess implements AutoCloseable {
    /** Begins each line that answers a command; all other output is told if the relay fails. */
    static final String ANSWER = "ok ";

    private static final int ANSWER_SECONDS = 20;
    private static final int END_SECONDS = 10;
    private static final int LINES_TOLD = 20;

    private final Process process;
    private final BufferedWriter commands;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private final List<String> said = new ArrayList<>();

    /** Starts the relay and waits until its devices are open. */
    RelayProcess(RelayPlan plan) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                // One thread that allocates nothing: no need for a heap, for parallel collection, or for many
                // compilers.
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                ownClasses(),
                Relay.class.getName()));
        command.addAll(plan.arguments());
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        commands = process.outputWriter(StandardCharsets.US_ASCII);
        Thread.ofPlatform().daemon().name("network-relay-output").start(this::readLines);
        try {
            answer("the start");
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The relay needs nothing beside the module it is in, and the owner's class path may be of any kind. */
    private static String ownClasses() throws IOException {
        try {
            return Path.of(Relay.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IOException("the network's classes are in no file", e);
        }
    }

    private void readLines() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.add(line);
            }
        } catch (IOException e) {
            // Killed: the same as its end.
        }
        output.add("the relay has ended");
    }

    synchronized String ask(String command) throws IOException {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new IOException("the network is gone: killed, or its bound of time has passed; " + said, e);
        }
        return answer(command);
    }

    private String answer(String to) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
        try {
            while (true) {
                String line = output.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line != null && line.startsWith(ANSWER)) {
                    return line.substring(ANSWER.length());
                }
                if (line != null && said.size() < LINES_TOLD) {
                    said.add(line);
                }
                if (line == null || (!process.isAlive() && output.isEmpty())) {
                    throw new IOException("no answer to " + to + " from the network's relay; it said " + said);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the network's relay", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends the relay, which deletes the namespaces; kills it if it does not end. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            // The pipe broke since the relay is gone, which is what is wanted.
        }
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
