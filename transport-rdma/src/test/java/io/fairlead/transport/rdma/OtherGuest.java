package io.fairlead.transport.rdma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The second of two guests: its address, its programs, and the link to it. */
final class OtherGuest {
    private static final Path ON_PEER =
            Path.of("../integration-tests/soft-roce/on-peer").toAbsolutePath();

    private OtherGuest() {}

    static String address() {
        return Objects.requireNonNull(System.getenv("SOFT_ROCE_PEER"), "SOFT_ROCE_PEER: this needs two guests");
    }

    /** A directory that both guests share; not by way of the link. */
    static Path shared() {
        return Path.of(Objects.requireNonNull(System.getenv("SOFT_ROCE_SHARED"), "SOFT_ROCE_SHARED"));
    }

    /** A program there, whose output comes back; it has no input. */
    static ProcessBuilder program(List<String> command) {
        List<String> words = new ArrayList<>(List.of(ON_PEER.toString()));
        words.addAll(command);
        return new ProcessBuilder(words);
    }

    /** Runs a program there to its end, which must be a good one. */
    static void run(String... command) {
        end(program(List.of(command)));
    }

    /** How each end treats its packets from now on, as for tc's netem: {@code delay 5ms loss 1%}; for empty words, as they come. */
    static void link(String conditions) {
        String command = conditions.isEmpty() ? "tc qdisc delete dev eth0 root" : netem(conditions);
        runHere(command.split(" "));
        run(command.split(" "));
    }

    /** The command by which one end treats its packets so. */
    static String netem(String conditions) {
        return "tc qdisc replace dev eth0 root netem limit 100000 " + conditions;
    }

    /** As {@link #run}, in this guest. */
    static void runHere(String... command) {
        end(new ProcessBuilder(command));
    }

    private static void end(ProcessBuilder builder) {
        try {
            Process process = builder.redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(builder.command() + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + builder.command(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while it ran: " + builder.command(), e);
        }
    }
}
