package io.fairlead.store.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as a user runs it, with temporary files where the test can look for left-overs. */
@Timeout(120)
class DemoTest {
    private static final Pattern PID = Pattern.compile("pid (\\d+)");

    @TempDir
    Path directory;

    private ProcessBuilder demo(String... args) throws IOException {
        ProcessBuilder builder = ChildJvm.command(args);
        // The demo's own temporary directory shall be below ours.
        builder.command().add(1, "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        return builder.redirectErrorStream(true);
    }

    private Path file(String name, int bytes) throws IOException {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        return Files.write(Files.createDirectories(directory.resolve("in")).resolve(name), data);
    }

    private void assertNothingIsLeft(String output) throws IOException {
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            assertThat(left.filter(p -> p.getFileName().toString().startsWith("fairlead")))
                    .isEmpty();
        }
        Matcher pids = PID.matcher(output);
        int count = 0;
        while (pids.find()) {
            count++;
            assertThat(ProcessHandle.of(Long.parseLong(pids.group(1))).filter(ProcessHandle::isAlive))
                    .isEmpty();
        }
        assertThat(count).as(output).isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "kcp"})
    void aKilledNodeLosesNothingAndNothingIsLeftBehind(String transport) throws Exception {
        file("a", 9_000_000);
        file("b", 0);
        Path in = file("c", 100).getParent();
        Process process = demo("demo", "--transport", transport, "" + in).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output)
                .contains(
                        "Killed   n3",
                        "(" + transport + ", required)",
                        "SHA-256 of 3 of 3 files matches",
                        "All 3 files came back")
                .doesNotContain("NO", "FAILED");
        assertNothingIsLeft(output);
    }

    @Test
    void aTransportThatCannotRunHereIsToldInOneSentenceWithAWayOn() throws Exception {
        assumeNoRdmaDevice();
        Path in = file("a", 100);
        Process process = demo("demo", "--transport", "rdma", "" + in).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(1);
        assertThat(output.lines().filter(line -> !line.isBlank() && !line.startsWith("WARNING:")))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("fairlead: UNAVAILABLE: rdma cannot run here: ")
                .contains("--transport tcp", "--transport rdma,tcp", "integration-tests/soft-roce/run");
    }

    @Test
    void aPreferredTransportThatCannotRunHereIsPassedOverVisibly() throws Exception {
        assumeNoRdmaDevice();
        Path in = file("a", 1_000_000);
        Process process = demo("demo", "--transport", "rdma,tcp", "" + in).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output)
                .contains(
                        "Using    tcp (preferred rdma is unavailable: ",
                        "What the transport (tcp, preferred rdma is unavailable: ",
                        "The one file came back as it was")
                .doesNotContain("FAILED");
        assertNothingIsLeft(output);
    }

    private static void assumeNoRdmaDevice() throws IOException {
        Path devices = Path.of("/sys/class/infiniband");
        if (Files.exists(devices)) {
            try (Stream<Path> all = Files.list(devices)) {
                assumeTrue(all.findAny().isEmpty(), "this machine has an RDMA device");
            }
        }
    }

    @Test
    void interruptedInTheMiddleItLeavesNothingBehind() throws Exception {
        Path in = file("big", 200_000_000);
        Process process = demo("demo", "--nodes", "2", "" + in).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.startsWith("Storing")) {
                    process.toHandle().destroy();
                }
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", lines)).isNotZero();
        assertNothingIsLeft(String.join("\n", lines));
    }

    @Test
    void aFailureIsInTheExitCode() throws Exception {
        Path in = file("a", 1_000_000);
        // Nodes keep more free than any disk has, so they take nothing.
        Process process =
                demo("demo", "--set", "store.node.reserve=7EiB", "" + in).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(1);
        assertThat(output).contains("needs");
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            assertThat(left.filter(p -> p.getFileName().toString().startsWith("fairlead")))
                    .isEmpty();
        }
    }
}
