package io.fairlead.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.it.network.BadNetwork;
import io.fairlead.it.network.LinkConditions;
import io.fairlead.it.network.NetworkConfig;
import io.fairlead.store.cli.Main;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo with its nodes at the far end of a network that is slow, loses, and overtakes. */
@Timeout(180)
class DemoOverBadNetworkTest {
    private static final int BYTES = 12 << 20;
    private static final LinkConditions BAD = LinkConditions.PERFECT
            .withDelay(Duration.ofMillis(5))
            .withOvertakingJitter(Duration.ofMillis(1))
            .withLoss(0.05);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"kcp", "tcp"})
    void aKilledNodeLosesNothingAtFivePercentLoss(String transport) throws Exception {
        BadNetwork.obstacle().ifPresent(why -> Assumptions.abort("no network to emulate: " + why));
        byte[] content = new byte[BYTES];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        try (BadNetwork network = BadNetwork.open(NetworkConfig.of(BAD, 5))) {
            List<String> demo = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp"))));
            demo.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
            demo.addAll(List.of("demo", "--transport", transport));
            demo.addAll(List.of("--node-host", network.b().address().getHostAddress()));
            demo.addAll(List.of("--node-prefix", String.join(" ", network.b().prefix()), file.toString()));
            Process process =
                    network.a().command(demo).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output)
                    .contains("Killed   n3", "SHA-256 of 1 of 1 files matches", "(" + transport + ", required)")
                    .doesNotContain("FAILED");
            assertThat(network.counters().aToB().lost()).isPositive();
        }
    }
}
