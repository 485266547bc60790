package io.fairlead.store.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.store.disk.FsyncPolicy;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FairleadConfigTest {
    @TempDir
    Path directory;

    private static FairleadConfig with(String... sets) {
        return FairleadConfig.load(null, List.of(sets));
    }

    private static void assertRefused(String set, String... words) {
        assertThatThrownBy(() -> with(set)).isInstanceOf(ConfigException.class).hasMessageContainingAll(words);
    }

    @Test
    void theReferenceIsValidAndSaysTheDefaultsOfTheApi() {
        FairleadConfig config = with();
        assertThat(config.transportConfig().limits()).isEqualTo(Limits.DEFAULT);
        assertThat(config.node().fsync()).isEqualTo(FsyncPolicy.group(Duration.ofMillis(50), 64 << 20));
        assertThat(config.client().chunkBytes()).isEqualTo(4 << 20);
    }

    @Test
    void setWinsOverTheFileAndTheFileOverTheReference() throws IOException {
        Path file = Files.writeString(
                directory.resolve("f.conf"),
                "store { chunk.bytes = 1MiB, node { id = a, write-slots = 3 }, nodes { a = \"h:1\", b = \"h:2\" } }\n"
                        + "store.replication { replicas = 2, min-replicas = 1 }");
        FairleadConfig config = FairleadConfig.load(file, List.of("store.node.id=b", "store.nodes.c=[::1]:3"));
        assertThat(config.node().id()).isEqualTo("b");
        assertThat(config.node().writeSlots()).isEqualTo(3);
        assertThat(config.client().chunkBytes()).isEqualTo(1 << 20);
        assertThat(config.client().nodes()).containsOnlyKeys("a", "b", "c").containsEntry("c", new Endpoint("::1", 3));
    }

    @Test
    void anUnknownKeyIsAnErrorThatNamesTheNearest() {
        assertRefused("store.node.writeslots=3", "store.node.writeslots", "nearest is 'store.node.write-slots'");
        assertRefused("transport.limit.pool-bytes=3", "nearest is 'transport.limits.pool-bytes'");
    }

    @Test
    void aValueOutOfRangeIsAnErrorThatNamesTheRange() {
        assertRefused("store.node.write-slots=0", "store.node.write-slots is 0, allowed 1..4096");
        assertRefused("store.chunk.bytes=lots", "store.chunk.bytes", "lots");
        assertRefused("store.node.fsync.policy=sometimes", "sometimes", "always, group, none");
        assertRefused("store.replication.min-replicas=4", "min-replicas is 4", "which is 3");
        assertRefused("store.nodes.n1=nowhere", "nowhere");
        assertRefused("store.nodes.n1=h:1", "replicas is 3", "[n1]");
        assertRefused("nonsense", "key=value");
    }

    @Test
    void allFaultsAreToldAtOnce() {
        assertThatThrownBy(() -> with("store.node.lease=1ms", "transport.limits.max-regions=0", "x=1"))
                .hasMessageContainingAll("store.node.lease", "max-regions", "'x'");
    }

    @Test
    void settingsOfTheChosenProviderReachItAsText() {
        FairleadConfig config = with("transport.tcp.loops=2", "transport.tcp.socket.send-buffer=64KiB");
        assertThat(config.transportConfig().provider())
                .containsEntry("tcp.loops", "2")
                .containsEntry("tcp.socket.send-buffer", "64KiB");
        FairleadConfig preferred =
                with("transport.providers=[mine, tcp]", "transport.choice=preferred", "transport.mine.x=1");
        assertThat(preferred.transport().providers()).containsExactly("mine", "tcp");
        assertThat(preferred.transportConfig().provider()).containsEntry("mine.x", "1");
    }
}
