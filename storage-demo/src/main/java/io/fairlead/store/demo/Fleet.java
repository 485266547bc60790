package io.fairlead.store.demo;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.client.StoreClient;
import io.fairlead.transport.Endpoint;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The demo's nodes, and the one that is killed. */
final class Fleet {
    private static final Duration REACHED_WITHIN = Duration.ofSeconds(60);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private final List<NodeProcess> nodes = new ArrayList<>();
    private volatile @Nullable NodeProcess victim;

    /** Starts all at once, and waits until all serve. */
    Fleet(Sandbox sandbox, DemoSettings settings) {
        for (int i = 1; i <= settings.nodes(); i++) {
            nodes.add(sandbox.start("n" + i, settings.nodeCommand(), settings.nodeHost(), settings.nodeSettings()));
        }
        nodes.forEach(NodeProcess::awaitReady);
    }

    /**
     * Waits until the client has reached every node once: on a busy machine the first connection to a new process can take longer
     * than one may take, and a cluster that is not all there is no place to start from.
     */
    void awaitAnswers(StoreClient client, PrintStream out) {
        long deadlineNs = System.nanoTime() + REACHED_WITHIN.toNanos();
        List<String> missing = missing(client);
        if (!missing.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "Waiting  up to %d s for %d nodes that do not answer yet%n",
                    REACHED_WITHIN.toSeconds(),
                    missing.size());
        }
        for (; !missing.isEmpty(); missing = missing(client)) {
            for (NodeProcess node : nodes) {
                if (!node.isAlive()) {
                    throw new StoreException(StoreError.UNREACHABLE, node.howItEnded());
                }
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new StoreException(
                        StoreError.UNREACHABLE,
                        "not every node could be reached within " + REACHED_WITHIN.toSeconds() + " s: "
                                + String.join("; ", missing));
            }
            LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
        }
    }

    /** Why nodes do not answer; empty if all do. */
    private static List<String> missing(StoreClient client) {
        return client.nodes().stream()
                .filter(node -> node.status() == null)
                .map(node -> "" + node.failure())
                .toList();
    }

    List<NodeProcess> all() {
        return nodes;
    }

    Map<String, Endpoint> endpoints() {
        Map<String, Endpoint> endpoints = new TreeMap<>();
        nodes.forEach(node -> endpoints.put(node.id(), node.endpoint()));
        return endpoints;
    }

    /** Kills the last one, and says which that was. */
    NodeProcess killOne() {
        NodeProcess last = nodes.getLast();
        victim = last;
        last.kill();
        return last;
    }

    @Nullable
    NodeProcess victim() {
        return victim;
    }

    List<NodeProcess> survivors() {
        return nodes.stream().filter(node -> node != victim).toList();
    }
}
