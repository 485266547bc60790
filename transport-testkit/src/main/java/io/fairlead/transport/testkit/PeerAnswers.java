package io.fairlead.transport.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a peer process says on its standard output: an answer a line, or the last words of a virtual machine that crashes. */
public final class PeerAnswers {
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final Process process;
    private final Duration patience;
    private final Supplier<String> errors;
    /** The last one is empty: the end of the output. */
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private final Thread reader;

    /**
     * Reads from now on, on a daemon thread.
     *
     * @param patience how long an answer may take
     * @param errors what a failure tells besides, such as the process's standard error; asked when it is there as a whole
     */
    public PeerAnswers(Process process, Duration patience, Supplier<String> errors) {
        this.process = process;
        this.patience = patience;
        this.errors = errors;
        reader = Thread.ofPlatform().daemon().name("kit-peer-" + process.pid()).start(this::read);
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException e) {
            // The process was killed: the same as its end.
        }
        lines.add(Optional.empty());
    }

    /**
     * Waits for the answer to that command, and returns it without its {@code ok}.
     *
     * @throws AssertionError if it is another one, or none; the message tells all that came instead
     */
    public String next(String command) {
        Optional<String> line = poll(command, patience);
        if (line == null || line.isEmpty()) {
            throw refused(command, line == null ? "nothing" : "its end");
        }
        String text = line.get();
        if (text.startsWith("ok ")) {
            return text.substring(3);
        }
        throw refused(command, "'" + (text.startsWith("error ") ? text : text + rest(command)) + "'");
    }

    /** What comes after a line that is no answer, up to the end. */
    private String rest(String command) {
        StringBuilder rest = new StringBuilder();
        for (Optional<String> line = poll(command, LAST_WORDS);
                line != null && line.isPresent();
                line = poll(command, LAST_WORDS)) {
            rest.append('\n').append(line.get());
        }
        return rest.toString();
    }

    private @Nullable Optional<String> poll(String command, Duration time) {
        try {
            return lines.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a peer process answered " + command, e);
        }
    }

    private AssertionError refused(String command, String with) {
        return new AssertionError("the peer process answered " + command + " with " + with + "; " + errors.get());
    }

    /** Waits some seconds for the end of the output of a process that has ended. */
    public void awaitEnd() throws InterruptedException {
        reader.join(5000);
    }
}
