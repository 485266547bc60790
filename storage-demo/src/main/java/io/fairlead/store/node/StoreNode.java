package io.fairlead.store.node;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.ChunkStore;
import io.fairlead.store.config.NodeConfig;
import io.fairlead.store.disk.Disk;
import io.fairlead.store.disk.DurableFiles;
import io.fairlead.store.disk.Volume;
import io.fairlead.store.manifest.LocalManifests;
import io.fairlead.store.protocol.NodeStatus;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node. The transport is the caller's, who closes it after the node. */
public final class StoreNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreNode.class);

    private final NodeConfig config;
    private final Transport transport;
    private final long startedNs = System.nanoTime();
    /** What {@link #close()} closes, last opened first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final Volume volume;
    private final DurableFiles files;
    private final ChunkStore chunks;
    private final LocalManifests manifests;
    private final SlotPool writeSlots;
    private final SlotPool readSlots;
    private final Listener listener;
    private final MetricsPage page;

    /** Finds the node's data, then listens. */
    public static StoreNode start(NodeConfig config, Transport transport, PrometheusMeterRegistry meters) {
        return start(config, transport, meters, Disk.REAL);
    }

    static StoreNode start(NodeConfig config, Transport transport, PrometheusMeterRegistry meters, Disk disk) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return new StoreNode(config, transport, meters, disk, parts);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    private StoreNode(
            NodeConfig config,
            Transport transport,
            PrometheusMeterRegistry meters,
            Disk disk,
            Deque<AutoCloseable> parts) {
        this.config = config;
        this.transport = transport;
        volume = opened(parts, Volume.open(config.directory(), config.cluster(), config.id()));
        int drafts = volume.reclaimDrafts();
        files = opened(
                parts, new DurableFiles(volume.temporary(), config.fsync(), disk, config.reserveBytes(), meters));
        chunks = ChunkStore.open(volume, files, meters);
        manifests = LocalManifests.open(volume, files);
        LOG.info(
                "node {} has {} chunks, {} keys; {} damaged, {} drafts reclaimed",
                config.id(),
                chunks.count(),
                manifests.count(),
                chunks.damaged().size(),
                drafts);
        writeSlots = pool(parts, "write", config.writeSlots(), Rights.WRITE, meters);
        readSlots = pool(parts, "read", config.readSlots(), Rights.READ, meters);
        ChunkService chunkService = new ChunkService(chunks, writeSlots, readSlots, config.retryAfter());
        startExpiry(parts, chunkService);
        NodeService service = new NodeService(config.cluster(), config.id(), chunkService, manifests, this::status);

        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
        parts.push(workers);
        page = opened(parts, new MetricsPage(config.http(), meters, this::sickness));
        Semaphore permits = new Semaphore(config.maxRequests());
        listener = opened(
                parts, transport.listen(config.listen(), connection -> new ClientHandler(service, workers, permits)));
        this.parts.addAll(parts);
    }

    private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    private SlotPool pool(
            Deque<AutoCloseable> parts, String name, int slots, Rights rights, PrometheusMeterRegistry meters) {
        MemoryRegion region = opened(parts, transport.allocate((long) slots * config.slotBytes()));
        return new SlotPool(name, region, config.slotBytes(), rights, config.lease(), System::nanoTime, meters);
    }

    private void startExpiry(Deque<AutoCloseable> parts, ChunkService service) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("store-leases-" + config.id()).daemon().factory());
        parts.push(timer);
        long everyMs = Math.clamp(config.lease().toMillis() / 4, 1, 1000);
        var unused = timer.scheduleWithFixedDelay(service::expire, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    public Endpoint endpoint() {
        return listener.endpoint();
    }

    /** Where metrics and health are. */
    public Endpoint http() {
        return page.endpoint();
    }

    /** Completes when the disk failed: the node refuses writes from then on, and its process should end. */
    public CompletableFuture<StoreException> failed() {
        return files.failed();
    }

    private String sickness() {
        StoreException failure = files.failed().getNow(null);
        return failure == null ? "" : "" + failure.getMessage();
    }

    NodeStatus status() {
        long usable;
        try {
            usable = Files.getFileStore(volume.directory()).getUsableSpace();
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot ask for space: " + e, e);
        }
        return new NodeStatus(
                config.id(),
                transport.effective().name() + " (" + transport.effective().reason() + ")",
                manifests.count(),
                chunks.count(),
                chunks.bytes(),
                chunks.damaged().size(),
                usable,
                writeSlots.inUse(),
                readSlots.inUse(),
                Duration.ofNanos(System.nanoTime() - startedNs).toMillis(),
                page.endpoint().toString());
    }

    /** Stops listening, finishes what is under way, forces what waits, and unlocks the directory. */
    @Override
    public void close() {
        closeAll(parts);
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("closing a node", e);
            }
        }
    }
}
