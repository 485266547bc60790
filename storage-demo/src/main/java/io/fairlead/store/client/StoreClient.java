package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.config.ClientConfig;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.manifest.ManifestStore;
import io.fairlead.store.manifest.ManifestSummary;
import io.fairlead.store.manifest.Version;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import io.fairlead.transport.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Values of any size under keys, on the nodes of a cluster. Thread-safe; every call blocks, made for virtual threads.
 * The transport is the caller's, who closes it after the client.
 */
public final class StoreClient implements AutoCloseable {
    private static final int PAGE = 1000;

    private final ClientConfig config;
    private final Nodes nodes;
    private final ChunkBuffers buffers;
    private final Replication replication;
    private final ManifestStore manifests;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    /** Connects when it is first needed. */
    public StoreClient(ClientConfig config, Transport transport, MeterRegistry meters) {
        this.config = config;
        this.nodes = new Nodes(config.cluster(), config, transport);
        this.buffers = new ChunkBuffers(transport, config.chunksInFlight(), config.maxChunkBytes());
        this.replication = new Replication(config, nodes, new RendezvousPlacement(), new ClientMeters(meters));
        this.manifests = new ReplicatedManifests(nodes, config.minReplicas());
    }

    /**
     * Stores all of {@code source} under {@code key}, over what is there; readers see the old value until all is stored. When it
     * fails, readers see the old value, or the new one if it was the very last step that failed.
     *
     * @param progress told the bytes that became safe, from several threads
     */
    public Manifest put(String key, ReadableByteChannel source, LongConsumer progress) {
        Manifest.checkKey(key);
        ValueWriter writer = new ValueWriter(config, buffers, replication, workers);
        List<ChunkRef> chunks = write(key, writer, source, progress);
        Optional<Manifest> previous = manifests.get(key);
        Manifest manifest =
                new Manifest(key, after(previous), false, Instant.now(), writer.length(), writer.sha256(), chunks);
        // If this fails the manifest may stand on some node and win later, so its chunks must stay.
        manifests.put(manifest);
        previous.ifPresent(this::deleteChunksOf);
        return manifest;
    }

    private List<ChunkRef> write(String key, ValueWriter writer, ReadableByteChannel source, LongConsumer progress) {
        boolean written = false;
        try {
            List<ChunkRef> chunks = writer.write(source, progress);
            written = true;
            return chunks;
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "reading what to store as '" + key + "': " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreError.TIMED_OUT, "storing '" + key + "' was interrupted", e);
        } finally {
            if (!written) {
                deleteChunks(writer.started());
            }
        }
    }

    /** Writes the value of {@code key} to {@code sink}, every byte checked. @throws StoreException {@link StoreError#NOT_FOUND} */
    public Manifest get(String key, WritableByteChannel sink, LongConsumer progress) {
        Manifest manifest = find(key);
        try {
            new ValueReader(buffers, replication, workers, config.chunksInFlight()).read(manifest, sink, progress);
            return manifest;
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "writing the value of '" + key + "': " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreError.TIMED_OUT, "fetching '" + key + "' was interrupted", e);
        }
    }

    /** What is stored under {@code key}. @throws StoreException {@link StoreError#NOT_FOUND} */
    public Manifest find(String key) {
        Manifest.checkKey(key);
        return manifests
                .get(key)
                .filter(manifest -> !manifest.deleted())
                .orElseThrow(() -> new StoreException(StoreError.NOT_FOUND, "no such key: '" + key + "'"));
    }

    /** @throws StoreException {@link StoreError#NOT_FOUND} */
    public void delete(String key) {
        Manifest manifest = find(key);
        manifests.put(Manifest.tombstone(key, after(Optional.of(manifest)), Instant.now()));
        deleteChunksOf(manifest);
    }

    /** Every key with the prefix, in order. */
    public void list(String prefix, Consumer<ManifestSummary> each) {
        String after = "";
        while (true) {
            List<ManifestSummary> page = manifests.list(prefix, after, PAGE);
            page.stream().filter(entry -> !entry.deleted()).forEach(each);
            if (page.size() < PAGE) {
                return;
            }
            after = page.getLast().key();
        }
    }

    /** Asks every node how it is, also those that could not be reached lately. */
    public List<NodeReport> nodes() {
        Collection<NodeLink> all = nodes.all();
        all.forEach(NodeLink::wake);
        List<NodeReport> reports = new ArrayList<>();
        for (Nodes.Answer<Reply.Status> answer : nodes.askAll(
                all, node -> ReplicatedManifests.expect(node.ask(new Request.AskStatus()), Reply.Status.class))) {
            reports.add(new NodeReport(
                    answer.node().id(),
                    answer.node().endpoint(),
                    answer.value() == null ? null : answer.value().status(),
                    answer.failure() == null ? null : answer.failure().getMessage()));
        }
        return reports;
    }

    /** Chunk bytes that one-sided writes of this client moved and completed, by node. */
    public Map<String, Long> bytesWritten() {
        Map<String, Long> bytes = new TreeMap<>();
        nodes.all().forEach(node -> bytes.put(node.id(), node.bytesWritten.sum()));
        return bytes;
    }

    /** Chunk bytes that one-sided reads of this client moved and completed, by node. */
    public Map<String, Long> bytesRead() {
        Map<String, Long> bytes = new TreeMap<>();
        nodes.all().forEach(node -> bytes.put(node.id(), node.bytesRead.sum()));
        return bytes;
    }

    private static Version after(Optional<Manifest> previous) {
        return new Version(
                previous.map(m -> m.version().number()).orElse(0L) + 1,
                ThreadLocalRandom.current().nextLong());
    }

    private void deleteChunksOf(Manifest manifest) {
        deleteChunks(manifest.chunks().stream().map(ChunkRef::id).toList());
    }

    /** Best effort: what a dead node keeps is only wasted space. */
    private void deleteChunks(List<ChunkId> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Request request = new Request.DeleteChunks(List.copyOf(ids));
        List<NodeLink> awake =
                nodes.all().stream().filter(node -> !node.isResting()).toList();
        var unused = nodes.askAll(awake, node -> node.ask(request));
    }

    /** Waits for what is under way, and closes the connections. */
    @Override
    public void close() {
        workers.close();
        nodes.close();
        buffers.close();
    }
}
