package io.fairlead.store.demo;

import io.fairlead.transport.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The demo's nodes, and the one that is killed. */
final class Fleet {
    private final List<NodeProcess> nodes = new ArrayList<>();
    private volatile @Nullable NodeProcess victim;

    /** Starts all at once, and waits until all serve. */
    Fleet(Sandbox sandbox, DemoSettings settings) {
        for (int i = 1; i <= settings.nodes(); i++) {
            nodes.add(sandbox.start("n" + i, settings.nodeCommand(), settings.nodeHost(), settings.nodeSettings()));
        }
        nodes.forEach(NodeProcess::awaitReady);
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
