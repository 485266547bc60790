package io.fairlead.store.demo;

import io.fairlead.store.Bytes;
import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.client.StoreClient;
import io.fairlead.store.config.FairleadConfig;
import io.fairlead.store.console.Progress;
import io.fairlead.transport.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Stores real files on a cluster of child processes, kills one in the middle, reads everything back, and keeps the books. */
public final class Demo {
    /** When so much of the data is stored, a node is killed. */
    private static final double KILL_AT = 0.4;

    /** The transport whose targets do not see what is done to their memory, and so cannot count it. */
    private static final String BY_HARDWARE = "rdma";

    private final DemoSettings settings;
    private final FairleadConfig config;
    private final Function<MeterRegistry, Transport> transports;
    private final PrintStream out;
    private final List<String> failures = new ArrayList<>();
    private volatile long killedAfterBytes;

    /** @param transports starts the client's transport */
    public Demo(
            DemoSettings settings,
            FairleadConfig config,
            Function<MeterRegistry, Transport> transports,
            PrintStream out) {
        this.settings = settings;
        this.config = config;
        this.transports = transports;
        this.out = out;
    }

    public DemoResult run() {
        MeterRegistry meters = OperationFigures.registry();
        // First, since a transport that cannot run here is told at once, and by one process.
        try (Transport transport = transports.apply(meters);
                Sandbox sandbox = new Sandbox()) {
            checkSpace(sandbox);
            out.printf(
                    Locale.ROOT,
                    "Using    %s (%s)%n",
                    transport.effective().name(),
                    transport.effective().reason());
            out.printf(
                    Locale.ROOT,
                    "Starting %d nodes, each a process of its own, with data below %s%n",
                    settings.nodes(),
                    sandbox.directory());
            Fleet fleet = new Fleet(sandbox, settings);
            for (NodeProcess node : fleet.all()) {
                out.printf("  %s  pid %d  %s  %s/metrics%n", node.id(), node.pid(), node.endpoint(), node.http());
            }
            try (StoreClient client = new StoreClient(
                    config.client().with(fleet.endpoints(), settings.replicas(), settings.minReplicas()),
                    transport,
                    meters)) {
                fleet.awaitAnswers(client, out);
                DemoResult result = run(fleet, client, transport, meters);
                DemoReport.print(result, out);
                return result;
            }
        }
    }

    private DemoResult run(Fleet fleet, StoreClient client, Transport transport, MeterRegistry meters) {
        Transfer transfer = new Transfer(client, settings.sources());
        double storeSeconds = store(fleet, transfer);
        double readSeconds = 0;
        int matching = 0;
        if (failures.isEmpty()) {
            long startNs = System.nanoTime();
            try (Progress progress = new Progress(out, "reading", settings.bytes())) {
                failures.addAll(transfer.verify(progress));
            }
            readSeconds = seconds(startNs);
            matching = settings.sources().size() - failures.size();
            out.printf(
                    Locale.ROOT,
                    "Read     %s back from the survivors in %.1f s (%s/s); SHA-256 of %d of %d files matches the sources%n",
                    Bytes.text(settings.bytes()),
                    readSeconds,
                    Bytes.text(settings.bytes() / readSeconds),
                    matching,
                    settings.sources().size());
        }
        boolean nodesCount = !transport.effective().name().equals(BY_HARDWARE);
        List<DemoResult.NodeBytes> nodeBytes = compareBytes(fleet, client, nodesCount);
        NodeProcess victim = fleet.victim();
        return new DemoResult(
                transport.effective().name() + ", " + transport.effective().reason(),
                settings.nodes(),
                settings.replicas(),
                settings.sources().size(),
                settings.bytes(),
                storeSeconds,
                readSeconds,
                victim == null ? null : victim.id(),
                killedAfterBytes,
                matching,
                OperationFigures.of(meters),
                OperationFigures.percentileMs(meters, "store.client.replicate", 0.5),
                OperationFigures.percentileMs(meters, "store.client.replicate", 0.99),
                OperationFigures.passedOver(meters),
                nodeBytes,
                List.copyOf(failures));
    }

    private double store(Fleet fleet, Transfer transfer) {
        out.printf(
                Locale.ROOT,
                "Storing  %d files, %s, each chunk on %d nodes%n",
                settings.sources().size(),
                Bytes.text(settings.bytes()),
                settings.replicas());
        long startNs = System.nanoTime();
        try (Progress progress = new Progress(out, "storing", settings.bytes())) {
            Killer killer = new Killer(fleet, progress);
            failures.addAll(transfer.store(killer));
            killer.finish();
        }
        double seconds = seconds(startNs);
        if (failures.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "Stored   %s in %.1f s (%s/s)%n",
                    Bytes.text(settings.bytes()),
                    seconds,
                    Bytes.text(settings.bytes() / seconds));
        }
        return seconds;
    }

    /** Passes progress on, and kills a node when the time has come. */
    private final class Killer implements LongConsumer {
        private final Fleet fleet;
        private final Progress progress;
        private final AtomicBoolean due = new AtomicBoolean(settings.kills());
        private final CompletableFuture<@Nullable Void> killed = new CompletableFuture<>();

        Killer(Fleet fleet, Progress progress) {
            this.fleet = fleet;
            this.progress = progress;
        }

        @Override
        public void accept(long bytes) {
            progress.accept(bytes);
            if (progress.doneBytes() >= settings.bytes() * KILL_AT && due.compareAndSet(true, false)) {
                Thread.ofVirtual().start(this::kill);
            }
        }

        private void kill() {
            try {
                killedAfterBytes = progress.doneBytes();
                NodeProcess victim = fleet.killOne();
                progress.say(String.format(
                        Locale.ROOT,
                        "Killed   %s (pid %d) with SIGKILL when %s were stored; going on with the others",
                        victim.id(),
                        victim.pid(),
                        Bytes.text(killedAfterBytes)));
            } finally {
                killed.complete(null);
            }
        }

        /** Nothing is read back before the node is dead. */
        void finish() {
            if (due.compareAndSet(true, false)) {
                if (failures.isEmpty()) {
                    kill();
                }
            } else if (settings.kills()) {
                killed.join();
            } else {
                progress.say("Killed   nobody: with one replica that would lose data");
            }
        }
    }

    /** @param nodesCount whether the nodes take part in what is done to their memory */
    private List<DemoResult.NodeBytes> compareBytes(Fleet fleet, StoreClient client, boolean nodesCount) {
        Map<String, Long> written = client.bytesWritten();
        Map<String, Long> read = client.bytesRead();
        List<DemoResult.NodeBytes> all = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (NodeProcess node : fleet.survivors()) {
                if (!node.isAlive()) {
                    failures.add(node.howItEnded());
                    continue;
                }
                if (!nodesCount) {
                    continue;
                }
                NodeMetrics metrics = NodeMetrics.scrape(http, node.http());
                DemoResult.NodeBytes bytes = new DemoResult.NodeBytes(
                        node.id(),
                        written.getOrDefault(node.id(), 0L),
                        metrics.sum("fairlead_bytes_total", "op=\"write\"", "direction=\"in\""),
                        read.getOrDefault(node.id(), 0L),
                        metrics.sum("fairlead_bytes_total", "op=\"read\"", "direction=\"out\""));
                all.add(bytes);
                if (!bytes.agree()) {
                    failures.add("the bytes of node " + node.id() + " do not agree with its metrics");
                }
            }
        }
        return all;
    }

    private void checkSpace(Sandbox sandbox) {
        try {
            long usable = Files.getFileStore(sandbox.directory()).getUsableSpace();
            long wanted = settings.bytes() * settings.replicas() + config.node().reserveBytes();
            if (usable < wanted) {
                throw new StoreException(
                        StoreError.NO_SPACE,
                        "the demo needs " + Bytes.text(wanted) + " below " + sandbox.directory() + ", there are "
                                + Bytes.text(usable) + "; give it fewer files, or -Djava.io.tmpdir=DIR");
            }
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot ask for free space: " + e.getMessage(), e);
        }
    }

    private static double seconds(long startNs) {
        return Math.max(1e-3, (System.nanoTime() - startNs) / 1e9);
    }
}
