package io.fairlead.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The parent's handle of a process that talks in lines, as {@link Child} does. Every wait has a bound; {@link #close} leaves
 * no process behind.
 */
public final class ChildProcess implements AutoCloseable {
    private static final String ENDED = "ended";
    private static final int STDERR_LINES_SHOWN = 12;

    private final String role;
    private final Process process;
    private final BufferedWriter commands;
    private final Path stderr;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** @param prefix put before the command, to pin it to cores; may be empty */
    ChildProcess(Contestant contestant, List<String> prefix, List<String> arguments) throws IOException {
        this(
                contestant.name() + " " + arguments.getFirst(),
                command(contestant, prefix, arguments),
                contestant.environment());
    }

    /** @param role what failures call it */
    public ChildProcess(String role, List<String> command, Map<String, String> environment) throws IOException {
        this.role = role;
        stderr = Files.createTempFile("compare-child", ".err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(stderr.toFile());
        process = builder.start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("child-output").start(this::readLines);
    }

    /** The rest of the next line that begins with the word; a failure of the child is thrown. */
    public String await(String word, Duration bound) throws IOException, InterruptedException {
        String line = lines.poll(bound.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new IOException(role + " said no \"" + word + "\" within " + bound.toSeconds() + " s" + lastWords());
        }
        if (!line.equals(word) && !line.startsWith(word + " ")) {
            throw new IOException(role + " should have said \"" + word + "\" but: " + line + lastWords());
        }
        return line.substring(word.length()).strip();
    }

    public void tell(String command) throws IOException {
        commands.write(command);
        commands.newLine();
        commands.flush();
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(stderr);
    }

    private static List<String> command(Contestant contestant, List<String> prefix, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.FLAGS);
        command.addAll(contestant.jvmFlags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(arguments);
        return command;
    }

    private void readLines() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(Child.MARK)) {
                    lines.add(line.substring(Child.MARK.length()));
                }
            }
        } catch (IOException e) {
            // The child was destroyed while we read.
        }
        lines.add(ENDED);
    }

    private String lastWords() throws IOException {
        List<String> all = Files.readString(stderr).lines().toList();
        List<String> shown = all.subList(Math.max(0, all.size() - STDERR_LINES_SHOWN), all.size());
        return shown.isEmpty() ? "" : "; its last words:\n" + String.join("\n", shown);
    }
}
