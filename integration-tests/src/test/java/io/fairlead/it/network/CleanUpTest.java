package io.fairlead.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing of a network outlives it, however it ends. */
@NeedsNetworks
@Timeout(60)
class CleanUpTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    /** What an owner left: two namespaces, the relay, and a program in one of the ends. */
    private record Owned(List<String> namespaces, List<Long> processes) {
        static Owned of(BadNetwork network, Process program) {
            return new Owned(
                    List.of(network.a().namespace(), network.b().namespace()),
                    List.of(network.relayPid(), program.pid()));
        }

        boolean isGone() {
            return namespaces.stream().noneMatch(name -> Files.exists(Namespaces.path(name)))
                    && processes.stream().noneMatch(Owned::isAlive);
        }

        /** A process that nobody waited for is as dead as can be. */
        private static boolean isAlive(long pid) {
            try {
                String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
                return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
            } catch (IOException e) {
                return false;
            }
        }
    }

    @Test
    void closeLeavesNothing() throws IOException {
        BadNetwork network = BadNetwork.open(LinkConditions.PERFECT, 1);
        Owned owned = Owned.of(network, network.b().run("sleep", "120"));
        assertThat(owned.isGone()).isFalse();
        network.close();
        network.close();
        await().atMost(BOUND).until(owned::isGone);
        assertThat(network.isOpen()).isFalse();
        assertThatThrownBy(network::counters)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the network is gone");
    }

    @Test
    void theTimeLimitEndsIt() throws IOException {
        NetworkConfig config = NetworkConfig.of(LinkConditions.PERFECT, 1).withTimeLimit(Duration.ofSeconds(1));
        try (BadNetwork network = BadNetwork.open(config)) {
            Owned owned = Owned.of(network, network.a().run("sleep", "120"));
            await().atMost(BOUND).until(owned::isGone);
        }
    }

    @Test
    void theRelayCleansUpAfterAKilledOwner() throws Exception {
        Process owner = startOwner();
        Owned owned = owned(owner);
        assertThat(owned.isGone()).isFalse();
        owner.destroyForcibly().waitFor();
        await().atMost(BOUND).until(owned::isGone);
    }

    @Test
    void theNextOneCleansUpAfterAKilledOwnerAndRelay() throws Exception {
        Process owner = startOwner();
        Owned owned = owned(owner);
        kill(owned.processes.getFirst());
        owner.destroyForcibly().waitFor();
        assertThat(owned.isGone()).isFalse();
        try (BadNetwork next = BadNetwork.open(LinkConditions.PERFECT, 1)) {
            await().atMost(BOUND).until(owned::isGone);
            // The sweep spares what is owned.
            assertThat(Namespaces.sweep()).doesNotContain(next.a().namespace());
            assertThat(next.isOpen()).isTrue();
            assertThat(next.counters().aToB().packetsIn()).isZero();
        }
    }

    @Test
    void closeCleansUpAfterAKilledRelay() throws IOException {
        BadNetwork network = BadNetwork.open(LinkConditions.PERFECT, 1);
        Owned owned = Owned.of(network, network.a().run("sleep", "120"));
        kill(network.relayPid());
        await().atMost(BOUND).until(() -> !network.isOpen());
        network.close();
        await().atMost(BOUND).until(owned::isGone);
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static Process startOwner() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        NetworkOwner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Owned owned(Process owner) throws IOException {
        String line = owner.inputReader(StandardCharsets.UTF_8).readLine();
        String[] words = line.split(" ", -1);
        return new Owned(List.of(words[0], words[1]), List.of(Long.valueOf(words[2]), Long.valueOf(words[3])));
    }
}
