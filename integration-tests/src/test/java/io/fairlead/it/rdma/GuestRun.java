package io.fairlead.it.rdma;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run of {@code soft-roce/run}, with a directory of its own for the temporary files; ended at the latest by {@link
 * #close}. Not thread-safe.
 */
final class GuestRun implements AutoCloseable {
    private static final Path SCRIPT = Path.of("soft-roce", "run").toAbsolutePath();

    private final Path directory;
    private final Process process;

    private GuestRun(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** Why this machine can run no guest, if so. */
    static Optional<String> obstacle() {
        try {
            Process process = new ProcessBuilder(SCRIPT.toString(), "--missing").start();
            String missing = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(missing.strip());
        } catch (IOException e) {
            return Optional.of("cannot start " + SCRIPT + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** Starts the script with these arguments; what it needs of files, and what it prints, goes below the directory. */
    static GuestRun start(Path directory, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(SCRIPT.toString(), "--guest"));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment()
                .put("TMPDIR", Files.createDirectories(directory.resolve("tmp")).toString());
        builder.redirectOutput(directory.resolve("stdout").toFile());
        builder.redirectError(directory.resolve("stderr").toFile());
        return new GuestRun(directory, builder.start());
    }

    /** Waits for the end, 120 s at most, and returns the exit code. */
    int await() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new AssertionError("the script has not ended after 120 s");
        }
        return process.exitValue();
    }

    /** Asks the script to end, as Ctrl-C and a time limit around it do. */
    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    String stdout() throws IOException {
        return Files.readString(directory.resolve("stdout"));
    }

    String stderr() throws IOException {
        return Files.readString(directory.resolve("stderr"));
    }

    /** Whether QEMU has created what it writes the console to. */
    boolean guestIsStarted() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("tmp"))) {
            return files.anyMatch(file -> file.endsWith("guest1/console"));
        }
    }

    /** The temporary files that are left. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("tmp"))) {
            return files.toList();
        }
    }

    /** The processes of this machine that have our temporary directory on their command line. */
    List<String> processes() throws IOException {
        List<String> found = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path each : processes) {
                try {
                    String line = Files.readString(each.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (line.contains(directory.resolve("tmp").toString())) {
                        found.add(line.replace('\0', ' '));
                    }
                } catch (IOException e) {
                    continue; // it has ended meanwhile
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
