package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.ChildJvm;
import io.fairlead.transport.testkit.PeerAnswers;
import io.fairlead.transport.testkit.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer of the contract kit in the other guest. Its commands go by a file that both guests share, and its answers come back the same way,
 * so that only what the transport says is on the link.
 */
final class GuestPeer implements PeerProcess {
    /** Tells its process id, and becomes the peer, with a file that grows as its input. */
    private static final String SCRIPT =
            "echo ok $$; exec \"$@\" < <(exec tail ---disable-inotify -q -s 0.02 -c +1 --pid=$$ -f \"$0\" 2>/dev/null)";

    private static final String STOP =
            "kill -STOP $0; while grep -h ^State: /proc/$0/task/*/status | grep -qv T; do :; done";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path commands;
    private final Process process;
    private final PeerAnswers answers;
    private final String processId;
    private final Endpoint endpoint;

    private GuestPeer(Path commands, Process process) {
        this.commands = commands;
        this.process = process;
        answers = new PeerAnswers(process, PATIENCE, () -> "in the other guest; its errors stand above");
        processId = answers.next("the start");
        endpoint = Endpoint.parse(answers.next("the start"));
    }

    static GuestPeer start(TransportConfig config, Endpoint listenAt) {
        try {
            Path commands = Files.createTempFile(OtherGuest.shared(), "commands.", "");
            List<String> words = new ArrayList<>(List.of("bash", "-c", SCRIPT, commands.toString()));
            words.addAll(ChildJvm.command(RdmaTransportProvider.class, config, listenAt));
            Process process = OtherGuest.program(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            return new GuestPeer(commands, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a peer in the other guest", e);
        }
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public synchronized String ask(String command) {
        try {
            Files.writeString(commands, command + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the other guest " + command, e);
        }
        return answers.next(command);
    }

    @Override
    public void suspend() {
        OtherGuest.run("bash", "-c", STOP, processId);
    }

    @Override
    public void resume() {
        OtherGuest.run("kill", "-CONT", processId);
    }

    @Override
    public void kill() {
        if (process.isAlive()) {
            OtherGuest.run("bash", "-c", "kill -KILL $0 || ! kill -0 $0", processId);
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        kill();
        try {
            answers.awaitEnd();
            Files.deleteIfExists(commands);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
