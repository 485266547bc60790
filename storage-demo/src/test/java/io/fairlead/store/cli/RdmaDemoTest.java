package io.fairlead.store.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo over RDMA, as small and as patient as an emulated machine wants it. */
@Tag("rdma")
@Timeout(300)
class RdmaDemoTest {
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED");
    private static final List<String> PATIENCE = List.of(
            "transport.timeouts.keep-alive-interval=5s",
            "transport.timeouts.keep-alive-timeout=15s",
            "store.client.request-timeout=60s",
            "store.client.chunk-timeout=120s",
            "store.node.lease=60s",
            "store.chunk.bytes=256KiB",
            "store.chunk.max-bytes=256KiB");

    @TempDir
    Path directory;

    @Test
    void aKilledNodeLosesNothing() throws Exception {
        byte[] data = new byte[3_000_000];
        new Random(1).nextBytes(data);
        Path in = Files.createDirectories(directory.resolve("in"));
        Files.write(in.resolve("a"), data);
        Files.write(in.resolve("b"), new byte[0]);
        List<String> args = new ArrayList<>(List.of("demo", "--transport", "rdma"));
        // 127.0.0.1 has no RDMA.
        args.addAll(List.of("--node-host", Objects.requireNonNull(System.getenv("SOFT_ROCE_ADDRESS"))));
        for (String setting : PATIENCE) {
            args.addAll(List.of("--set", setting));
        }
        args.add(in.toString());
        ProcessBuilder builder = ChildJvm.command(args.toArray(String[]::new));
        builder.command().addAll(1, FLAGS);
        builder.command().add(1, "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        Process process = builder.redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output)
                    .contains(
                            "Using    rdma (required)",
                            "Killed   n3",
                            "(rdma, required)",
                            "SHA-256 of 2 of 2 files matches",
                            "All 2 files came back as they were, although n3 was killed")
                    .doesNotContain("NO", "FAILED");
        } finally {
            process.destroyForcibly();
        }
    }
}
