package io.fairlead.store;

import static org.awaitility.Awaitility.await;

import io.fairlead.store.client.StoreClient;
import io.fairlead.store.config.FairleadConfig;
import io.fairlead.store.node.Meters;
import io.fairlead.store.node.StoreNode;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Nodes in this JVM, each with a transport of its own. */
public final class TestCluster implements AutoCloseable {
    private final Path directory;
    private final List<String> settings;
    private final Map<String, Running> nodes = new TreeMap<>();
    private final Map<String, Endpoint> endpoints = new TreeMap<>();
    private final List<AutoCloseable> clients = new ArrayList<>();

    private record Running(StoreNode node, Transport transport, PrometheusMeterRegistry meters) {}

    /** @param settings as for {@code --set} */
    public TestCluster(Path directory, String... settings) {
        this.directory = directory;
        this.settings = List.of(settings);
    }

    public TestCluster start(String... ids) {
        for (String id : ids) {
            start(id);
        }
        return this;
    }

    private void start(String id) {
        List<String> sets = new ArrayList<>(List.of(
                "store.chunk.bytes=64KiB",
                "store.chunk.max-bytes=64KiB",
                "store.node.fsync.policy=none",
                "store.client.dead-for=200ms"));
        sets.addAll(settings);
        sets.add("store.node.id=" + id);
        sets.add("store.node.directory=" + directoryOf(id));
        sets.add("store.node.listen=" + endpoints.getOrDefault(id, Endpoint.loopback()));
        sets.add("store.node.http=127.0.0.1:0");
        FairleadConfig config = FairleadConfig.load(null, sets);
        PrometheusMeterRegistry meters = Meters.prometheus();
        Transport transport = transport(config, TransportContext.plain().with(meters));
        StoreNode node = StoreNode.start(config.node(), transport, meters);
        nodes.put(id, new Running(node, transport, meters));
        endpoints.put(id, node.endpoint());
    }

    private static Transport transport(FairleadConfig config, TransportContext context) {
        return Transports.open(TransportChoice.required("tcp"), config.transportConfig(), context);
    }

    /** Stops a node; its data stays, and {@link #start} brings it back at the same address. */
    public void stop(String id) {
        Running running = nodes.remove(id);
        if (running != null) {
            running.node().close();
            running.transport().close();
        }
    }

    private Running running(String id) {
        return Objects.requireNonNull(nodes.get(id), id);
    }

    public StoreNode node(String id) {
        return running(id).node();
    }

    PrometheusMeterRegistry meters(String id) {
        return running(id).meters();
    }

    Path directoryOf(String id) {
        return directory.resolve(id);
    }

    FairleadConfig clientConfig(String... more) {
        List<String> sets = new ArrayList<>(
                List.of("store.chunk.bytes=64KiB", "store.chunk.max-bytes=64KiB", "store.client.dead-for=200ms"));
        sets.addAll(settings);
        endpoints.forEach((id, endpoint) -> sets.add("store.nodes." + id + "=" + endpoint));
        sets.addAll(List.of(more));
        return FairleadConfig.load(null, sets);
    }

    Transport clientTransport() {
        Transport transport = transport(clientConfig(), TransportContext.plain());
        clients.add(transport);
        return transport;
    }

    StoreClient client(String... more) {
        return client(new SimpleMeterRegistry(), more);
    }

    StoreClient client(SimpleMeterRegistry meters, String... more) {
        StoreClient client = new StoreClient(clientConfig(more).client(), clientTransport(), meters);
        clients.add(client);
        return client;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable client : clients.reversed()) {
            client.close();
        }
        for (String id : List.copyOf(nodes.keySet())) {
            stop(id);
        }
        await("threads that a cluster leaves")
                .atMost(Duration.ofSeconds(10))
                .until(TestCluster::threads, List::isEmpty);
    }

    /** Ours and the transports', by their names. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("store-") || name.startsWith("fairlead-"))
                .toList();
    }
}
