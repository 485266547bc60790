package io.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.store.client.NodeReport;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.manifest.ManifestSummary;
import io.fairlead.store.protocol.NodeStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes over TCP. */
@Timeout(60)
class ClusterTest {
    @TempDir
    Path directory;

    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = new TestCluster(directory).start("n1", "n2", "n3");
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static Manifest put(StoreClient client, String key, byte[] value) {
        return client.put(key, Channels.newChannel(new ByteArrayInputStream(value)), n -> {});
    }

    static byte[] get(StoreClient client, String key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        client.get(key, Channels.newChannel(out), n -> {});
        return out.toByteArray();
    }

    private static void assertFails(StoreError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.error()).as(e.getMessage()).isEqualTo(error));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000})
    void whatIsPutIsGotFromEveryReplica(int length) {
        Manifest manifest = put(cluster.client(), "k", bytes(length));
        assertThat(manifest.chunks()).hasSize((length + 65_535) / 65_536);
        assertThat(manifest.chunks())
                .allSatisfy(chunk -> assertThat(chunk.nodes()).hasSize(3));
        assertThat(get(cluster.client(), "k")).isEqualTo(bytes(length));
    }

    @Test
    void progressCountsEveryByteOnce() {
        AtomicLong stored = new AtomicLong();
        AtomicLong fetched = new AtomicLong();
        StoreClient client = cluster.client();
        client.put("k", Channels.newChannel(new ByteArrayInputStream(bytes(300_000))), stored::addAndGet);
        client.get("k", Channels.newChannel(new ByteArrayOutputStream()), fetched::addAndGet);
        assertThat(stored).hasValue(300_000);
        assertThat(fetched).hasValue(300_000);
        assertThat(client.bytesWritten().values()).containsOnly(300_000L);
        assertThat(client.bytesRead().values().stream().mapToLong(n -> n).sum()).isEqualTo(300_000);
    }

    @Test
    void anotherValueReplacesTheFirstAndItsChunks() {
        StoreClient client = cluster.client();
        put(client, "k", bytes(200_000));
        put(client, "k", bytes(100_000));
        assertThat(get(client, "k")).isEqualTo(bytes(100_000));
        assertThat(client.nodes())
                .allSatisfy(node -> assertThat(status(node).chunks()).isEqualTo(2));
    }

    private static NodeStatus status(NodeReport report) {
        return Objects.requireNonNull(report.status(), report::toString);
    }

    @Test
    void aDeletedKeyIsGoneFromListingsAndDisks() {
        StoreClient client = cluster.client();
        put(client, "a/1", bytes(10));
        put(client, "a/2", bytes(10));
        put(client, "b", bytes(10));
        client.delete("a/1");
        assertFails(StoreError.NOT_FOUND, () -> get(client, "a/1"));
        assertFails(StoreError.NOT_FOUND, () -> client.delete("a/1"));
        List<ManifestSummary> found = new ArrayList<>();
        client.list("a/", found::add);
        assertThat(found).extracting(ManifestSummary::key).containsExactly("a/2");
        assertThat(client.nodes())
                .allSatisfy(node -> assertThat(status(node).chunks()).isEqualTo(2));
    }

    @Test
    void withOneNodeDeadStoringAndFetchingGoOn() {
        StoreClient client = cluster.client();
        put(client, "before", bytes(500_000));
        cluster.stop("n2");
        assertThat(get(client, "before")).isEqualTo(bytes(500_000));
        Manifest manifest = put(client, "after", bytes(500_001));
        assertThat(manifest.chunks())
                .allSatisfy(chunk -> assertThat(chunk.nodes()).containsOnly("n1", "n3"));
        assertThat(get(client, "after")).isEqualTo(bytes(500_001));
        assertThat(client.nodes())
                .filteredOn(node -> node.status() == null)
                .singleElement()
                .satisfies(node -> assertThat(node.failure()).contains("n2", "127.0.0.1"));
    }

    @Test
    void withTwoOfThreeDeadStoringFailsAndSaysWhy() {
        StoreClient client = cluster.client();
        put(client, "k", bytes(500_000));
        cluster.stop("n1");
        cluster.stop("n3");
        assertThatThrownBy(() -> put(client, "l", bytes(10)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.error()).isEqualTo(StoreError.TOO_FEW_REPLICAS))
                .hasMessageContainingAll("is on 1 nodes, at least 2", "n1", "n3");
        assertThat(get(client, "k")).as("reading needs one").isEqualTo(bytes(500_000));
    }

    @Test
    void aRestartedNodeHasItsDataAndTheClientFindsItAgain() {
        StoreClient client = cluster.client();
        put(client, "k", bytes(500_000));
        for (String id : List.of("n1", "n2", "n3")) {
            cluster.stop(id);
        }
        assertFails(StoreError.UNREACHABLE, () -> get(client, "k"));
        cluster.start("n2");
        assertThat(get(client, "k")).isEqualTo(bytes(500_000));
        assertThat(client.bytesRead().get("n2")).isEqualTo(500_000);
    }

    @Test
    void aKeyDeletedWhileANodeWasDownStaysDeletedWhenItReturns() {
        StoreClient client = cluster.client();
        put(client, "k", bytes(100));
        cluster.stop("n1");
        client.delete("k");
        cluster.start("n1");
        assertFails(StoreError.NOT_FOUND, () -> get(cluster.client(), "k"));
    }

    @Test
    void aRottenChunkIsServedByAnotherReplicaAndCounted() throws IOException {
        Manifest manifest = put(cluster.client(), "k", bytes(500_000));
        for (ChunkRef chunk : manifest.chunks()) {
            rot(chunk.nodes().getFirst(), chunk);
        }
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        StoreClient client = cluster.client(meters);
        assertThat(get(client, "k")).isEqualTo(bytes(500_000));
        assertThat(meters.get("store.client.passed.over")
                        .tag("reason", "corrupt")
                        .counter()
                        .count())
                .isEqualTo(manifest.chunks().size());
        assertThat(client.nodes().stream().mapToInt(n -> status(n).damaged()).sum())
                .isEqualTo(manifest.chunks().size());
    }

    @Test
    void aChunkRottenEverywhereIsAnErrorAndNeverServed() throws IOException {
        Manifest manifest = put(cluster.client(), "k", bytes(1000));
        for (String node : List.of("n1", "n2", "n3")) {
            rot(node, manifest.chunks().getFirst());
        }
        assertThatThrownBy(() -> get(cluster.client(), "k")).hasMessageContaining("rotten");
    }

    private void rot(String node, ChunkRef chunk) throws IOException {
        String name = chunk.id().toString();
        Path file = cluster.directoryOf(node).resolve("chunks", name.substring(0, 2), name + ".chunk");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 0x10;
        Files.write(file, bytes);
    }

    @Test
    void aMissingChunkIsServedByAnotherReplica() throws IOException {
        Manifest manifest = put(cluster.client(), "k", bytes(1000));
        ChunkRef chunk = manifest.chunks().getFirst();
        String name = chunk.id().toString();
        Files.delete(
                cluster.directoryOf(chunk.nodes().getFirst()).resolve("chunks", name.substring(0, 2), name + ".chunk"));
        assertThat(get(cluster.client(), "k")).isEqualTo(bytes(1000));
    }

    @Test
    void aNodeThatIsNotTheExpectedOneIsRefused() {
        String address = cluster.node("n1").endpoint().toString();
        StoreClient client = cluster.client("store.nodes.n2=" + address);
        assertThat(client.nodes().get(1).failure()).contains("this is node 'n1'", "not node 'n2'");
        assertThatThrownBy(() -> put(cluster.client("store.cluster=other"), "k", bytes(1)))
                .hasMessageContaining("not node");
    }

    @Test
    void manyAtOnceShareTheBuffersWithoutWaitingForEver() throws InterruptedException {
        StoreClient client = cluster.client("store.client.chunks-in-flight=2");
        int clients = 8;
        CountDownLatch good = new CountDownLatch(clients);
        for (int i = 0; i < clients; i++) {
            int length = 400_000 + i;
            Thread.ofVirtual().start(() -> {
                put(client, "k" + length, bytes(length));
                if (Arrays.equals(get(client, "k" + length), bytes(length))) {
                    good.countDown();
                }
            });
        }
        assertThat(good.await(40, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void metricsAndHealthAreToBeHadByHttp() throws Exception {
        put(cluster.client(), "k", bytes(500_000));
        String metrics = http("n1", "/metrics");
        assertThat(metrics)
                .contains("fairlead_operation_seconds_bucket{")
                .contains("store_chunk_write_seconds_bucket{")
                .contains("store_slots_in_use{pool=\"write\"} 0.0");
        double in = Stream.of(metrics.split("\n"))
                .filter(line -> line.startsWith("fairlead_bytes_total")
                        && line.contains("direction=\"in\"")
                        && line.contains("op=\"write\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
        assertThat(in).isEqualTo(500_000);
        assertThat(http("n1", "/healthz")).isEqualTo("ok\n");
    }

    private String http(String node, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + cluster.node(node).http() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
