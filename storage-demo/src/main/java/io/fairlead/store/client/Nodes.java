package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.config.ClientConfig;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The nodes of the cluster as one client sees them. */
final class Nodes implements AutoCloseable {
    private final Map<String, NodeLink> links = new TreeMap<>();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    /** How one node answered: a value or a failure. */
    record Answer<T>(
            NodeLink node, @Nullable T value, @Nullable StoreException failure) {}

    Nodes(String cluster, ClientConfig config, Transport transport) {
        config.nodes()
                .forEach((id, endpoint) -> links.put(
                        id, new NodeLink(cluster, id, endpoint, transport, config.requestTimeout(), config.deadFor())));
    }

    Set<String> ids() {
        return links.keySet();
    }

    Collection<NodeLink> all() {
        return links.values();
    }

    /** Those of the ids that are known, in order, but those that could not be reached lately last. */
    List<NodeLink> liveFirst(List<String> order) {
        List<NodeLink> found = new ArrayList<>();
        for (String id : order) {
            NodeLink link = links.get(id);
            if (link != null) {
                found.add(link);
            }
        }
        found.sort(Comparator.comparing(NodeLink::isResting));
        return found;
    }

    /** Asks all of them at once, and waits for all answers, in the order of {@code asked}. */
    <T> List<Answer<T>> askAll(Collection<NodeLink> asked, Function<NodeLink, T> question) {
        List<Future<Answer<T>>> answers = new ArrayList<>();
        for (NodeLink node : asked) {
            answers.add(workers.submit(() -> ask(node, question)));
        }
        List<Answer<T>> all = new ArrayList<>();
        for (Future<Answer<T>> answer : answers) {
            all.add(join(answer));
        }
        return all;
    }

    private static <T> Answer<T> ask(NodeLink node, Function<NodeLink, T> question) {
        try {
            return new Answer<>(node, question.apply(node), null);
        } catch (StoreException e) {
            return new Answer<>(node, null, e);
        } catch (TransportException e) {
            return new Answer<>(node, null, node.unreachable(e));
        } catch (RuntimeException e) {
            return new Answer<>(node, null, new StoreException(StoreError.INTERNAL, "node " + node.id() + ": " + e, e));
        }
    }

    /** Not interruptible: every question has a deadline, and a buffer must not be given up while a worker uses it. */
    private static <T> T join(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("answers hold failures", Objects.requireNonNull(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        workers.close();
        links.values().forEach(NodeLink::close);
    }
}
