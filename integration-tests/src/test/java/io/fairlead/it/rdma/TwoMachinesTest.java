package io.fairlead.it.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a test tagged {@code rdma-network} finds: a second machine, whose programs it starts and kills. */
@Tag("rdma-network")
@Timeout(60)
class TwoMachinesTest {
    private static final String PEER = System.getenv().getOrDefault("SOFT_ROCE_PEER", "");

    @Test
    void theMachinesPassDataOverRdma() throws Exception {
        Process server = onPeer("rping", "-s", "-a", PEER, "-C", "3", "-v");
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> run("rping", "-c", "-a", PEER, "-C", "3") == 0);
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("server ping data: rdma-ping-2");
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void aProgramOnTheOtherMachineIsKilledWithItsHandle() throws Exception {
        Process sleeper = onPeer("sleep", "12345");
        await().atMost(Duration.ofSeconds(30)).until(() -> runOnPeer("pgrep", "-f", "sleep 12345") == 0);
        sleeper.destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> runOnPeer("pgrep", "-f", "sleep 12345") == 1);
    }

    @Test
    void theOtherMachineIsAnother() throws IOException {
        assertThat(InetAddress.getByName("guest2").getHostAddress()).isEqualTo(PEER);
    }

    private static int runOnPeer(String... command) throws Exception {
        return onPeer(command).waitFor();
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static Process onPeer(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("soft-roce/on-peer"));
        words.addAll(List.of(command));
        return new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
