package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.manifest.Manifest;
import io.fairlead.store.manifest.ManifestStore;
import io.fairlead.store.manifest.ManifestSummary;
import io.fairlead.store.protocol.Reply;
import io.fairlead.store.protocol.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The simple form of metadata: every manifest on every live node, and the newest answer wins. No consensus: see
 * docs/store.md for what that does not promise.
 */
final class ReplicatedManifests implements ManifestStore {
    private final Nodes nodes;
    private final int minCopies;

    ReplicatedManifests(Nodes nodes, int minCopies) {
        this.nodes = nodes;
        this.minCopies = minCopies;
    }

    @Override
    public Optional<Manifest> get(String key) {
        return answers(new Request.GetManifest(key), Reply.Found.class).stream()
                .flatMap(found -> found.manifest().stream())
                .max(Comparator.comparing(Manifest::version));
    }

    @Override
    public void put(Manifest manifest) {
        Request request = new Request.PutManifest(manifest);
        List<Nodes.Answer<Reply.Done>> answers =
                nodes.askAll(awake(), node -> expect(node.ask(request), Reply.Done.class));
        long copies = answers.stream().filter(a -> a.failure() == null).count();
        if (copies < minCopies) {
            throw new StoreException(
                    StoreError.TOO_FEW_REPLICAS,
                    "the manifest of '" + manifest.key() + "' is on " + copies + " nodes, at least " + minCopies
                            + " are wanted: " + reasons(answers));
        }
    }

    /** A page can only reach as far as the shortest full page of a node: beyond that, this node may have more. */
    @Override
    public List<ManifestSummary> list(String prefix, String after, int limit) {
        TreeMap<String, ManifestSummary> newest = new TreeMap<>();
        String end = null;
        for (Reply.Listing page : answers(new Request.ListManifests(prefix, after, limit), Reply.Listing.class)) {
            for (ManifestSummary entry : page.entries()) {
                newest.merge(entry.key(), entry, (a, b) -> a.version().compareTo(b.version()) >= 0 ? a : b);
            }
            if (page.entries().size() >= limit) {
                String last = page.entries().getLast().key();
                end = end == null || last.compareTo(end) < 0 ? last : end;
            }
        }
        return (end == null ? newest : newest.headMap(end, true))
                .values().stream().limit(limit).toList();
    }

    /** Of all that answered, at least one. */
    private <R extends Reply> List<R> answers(Request request, Class<R> type) {
        List<Nodes.Answer<R>> answers = nodes.askAll(awake(), node -> expect(node.ask(request), type));
        List<R> values = new ArrayList<>();
        for (Nodes.Answer<R> answer : answers) {
            if (answer.value() != null) {
                values.add(answer.value());
            }
        }
        if (values.isEmpty()) {
            throw new StoreException(StoreError.UNREACHABLE, "no node answered: " + reasons(answers));
        }
        return values;
    }

    /** Those that could be reached lately; all if there are none. */
    private Collection<NodeLink> awake() {
        List<NodeLink> awake =
                nodes.all().stream().filter(node -> !node.isResting()).toList();
        if (awake.size() >= minCopies) {
            return awake;
        }
        nodes.all().stream().filter(NodeLink::isResting).forEach(NodeLink::wake);
        return nodes.all();
    }

    static <R extends Reply> R expect(Reply reply, Class<R> type) {
        if (reply instanceof Reply.Failure failure) {
            throw failure.toException();
        }
        if (!type.isInstance(reply)) {
            throw new StoreException(
                    StoreError.BAD_MESSAGE,
                    "wanted a " + type.getSimpleName() + ", got "
                            + reply.getClass().getSimpleName());
        }
        return type.cast(reply);
    }

    private static <T> String reasons(List<Nodes.Answer<T>> answers) {
        return answers.stream()
                .map(Nodes.Answer::failure)
                .filter(Objects::nonNull)
                .map(Throwable::getMessage)
                .collect(Collectors.joining("; "));
    }
}
