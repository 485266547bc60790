package io.fairlead.transport.testkit;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportProvider;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A peer in a Java process of its own, on this process's class path. Suspended by SIGSTOP, killed by SIGKILL. */
public final class ChildJvm implements PeerProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path errors;
    private final BufferedWriter in;
    private final PeerAnswers answers;
    private final Endpoint endpoint;

    private ChildJvm(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = new PeerAnswers(process, PATIENCE, () -> said(errors));
        this.endpoint = Endpoint.parse(answers.next("the start"));
    }

    /** Starts a peer with a provider of that class, and waits until it listens. */
    public static ChildJvm start(
            Class<? extends TransportProvider> provider, TransportConfig config, Endpoint listenAt) {
        try {
            Path errors = Files.createTempFile("kit-peer", ".err");
            Process process = new ProcessBuilder(command(provider, config, listenAt))
                    .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
                    .start();
            return new ChildJvm(process, errors);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a peer process", e);
        }
    }

    /**
     * The command of such a peer, for who starts it elsewhere: on its standard input it takes the commands of {@link PeerSession}, one a
     * line, and on its standard output it answers each by {@code ok …} or {@code error …}, the first time with its endpoint.
     */
    public static List<String> command(
            Class<? extends TransportProvider> provider, TransportConfig config, Endpoint listenAt) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                // A short life: no time for an optimising compiler, no need for many threads.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                // A file that a crash leaves is gone with the machine, where that is a guest.
                "-XX:+ErrorFileToStderr",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path", ""),
                KitPeer.class.getName(),
                provider.getName(),
                listenAt.toString()));
        command.addAll(RecordText.arguments(config));
        return command;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public synchronized String ask(String command) {
        try {
            in.write(command + "\n");
            in.flush();
        } catch (IOException e) {
            throw new AssertionError("the peer process is gone: " + said(errors), e);
        }
        return answers.next(command);
    }

    private static String said(Path errors) {
        try {
            return "it wrote: " + Files.readString(errors);
        } catch (IOException e) {
            return "its errors cannot be read: " + e;
        }
    }

    @Override
    public void suspend() {
        signal("STOP");
        // The signal is only sent so far; a thread that runs on another processor may write yet.
        Await.until("the peer process stands still", Duration.ofSeconds(10), this::isStopped);
    }

    /** Whether every thread is stopped, where the system tells; else true. */
    private boolean isStopped() {
        File[] threads = new File("/proc/" + process.pid() + "/task").listFiles();
        if (threads == null) {
            return true;
        }
        for (File thread : threads) {
            try {
                String status = Files.readString(thread.toPath().resolve("stat"));
                if (status.charAt(status.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            } catch (IOException e) {
                return false; // it ended since the listing
            }
        }
        return true;
    }

    @Override
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionError("kill -" + name + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot signal a peer process", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while signalling a peer process", e);
        }
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
        try {
            answers.awaitEnd();
            in.close();
        } catch (IOException e) {
            // The pipe broke with the process: closed all the same.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
