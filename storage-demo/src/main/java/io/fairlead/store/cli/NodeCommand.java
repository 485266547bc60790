package io.fairlead.store.cli;

import io.fairlead.store.StoreException;
import io.fairlead.store.config.FairleadConfig;
import io.fairlead.store.console.Json;
import io.fairlead.store.node.Meters;
import io.fairlead.store.node.StoreNode;
import io.fairlead.transport.Transport;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one storage node until it is told to stop (Ctrl-C, SIGTERM).",
            "When it is ready it prints one line with its addresses."
        },
        footer = {"", "Example:  fairlead node --id n1 --listen 127.0.0.1:7401 --http 127.0.0.1:7481 --dir /data/n1"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NodeCommand implements Callable<Integer> {
    @Mixin
    ConfigOptions options;

    @Option(names = "--id", paramLabel = "ID", description = "Its id in the cluster (store.node.id).")
    @Nullable
    String id;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where it listens; port 0 takes a free one.")
    @Nullable
    String listen;

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "Where /metrics and /healthz are.")
    @Nullable
    String http;

    @Option(names = "--dir", paramLabel = "DIR", description = "Its directory; made if missing.")
    @Nullable
    String directory;

    @Option(
            names = "--exit-with-stdin",
            description = "Stops when standard input ends, so that it does not outlive the process that started it.")
    boolean exitWithStdin;

    @Override
    public Integer call() throws InterruptedException {
        List<String> sets = new ArrayList<>();
        set(sets, "store.node.id", id);
        set(sets, "store.node.listen", listen);
        set(sets, "store.node.http", http);
        set(sets, "store.node.directory", directory);
        FairleadConfig config = options.load(sets);

        CountDownLatch stopped = new CountDownLatch(1);
        CompletableFuture<@Nullable StoreException> end = new CompletableFuture<>();
        // The hook must not return before the node is closed: the JVM halts then.
        Thread hook = Thread.ofPlatform().unstarted(() -> {
            end.complete(null);
            awaitUninterruptibly(stopped);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run(config, end);
        } finally {
            stopped.countDown();
        }
    }

    private static void set(List<String> sets, String key, @Nullable String value) {
        if (value != null) {
            sets.add(key + "=" + value);
        }
    }

    private int run(FairleadConfig config, CompletableFuture<@Nullable StoreException> end) {
        PrometheusMeterRegistry meters = Meters.prometheus();
        try (Transport transport = Wiring.transport(config.transport(), meters);
                StoreNode node = StoreNode.start(config.node(), transport, meters)) {
            node.failed().thenAccept(end::complete);
            if (exitWithStdin) {
                Thread.ofPlatform().daemon().name("stdin").start(() -> {
                    drain(System.in);
                    end.complete(null);
                });
            }
            announce(config.node().id(), node, transport);
            StoreException failure = end.join();
            if (failure != null) {
                throw failure;
            }
            return Main.OK;
        }
    }

    private void announce(String nodeId, StoreNode node, Transport transport) {
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("node", nodeId);
        ready.put("endpoint", node.endpoint());
        ready.put("http", node.http());
        ready.put("pid", ProcessHandle.current().pid());
        ready.put("transport", transport.effective().name());
        if (options.json) {
            System.out.println(Json.text(ready));
        } else {
            StringBuilder line = new StringBuilder("ready");
            ready.forEach(
                    (key, value) -> line.append(' ').append(key).append('=').append(value));
            System.out.println(line);
        }
        System.out.flush();
    }

    private static void drain(InputStream in) {
        try {
            Objects.requireNonNull(in).transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // As good as its end.
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            var unused = latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
