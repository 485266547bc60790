package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.config.ClientConfig;
import io.fairlead.store.manifest.ChunkRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Chunks on several nodes. A chunk is written to all its replicas at once, and counts when every live one has it, at
 * least the configured minimum; it is read from the first that has it whole. Blocks; made for virtual threads.
 */
final class Replication {
    private final ClientConfig config;
    private final Nodes nodes;
    private final Placement placement;
    private final ReplicaIo io;
    private final ClientMeters meters;

    Replication(ClientConfig config, Nodes nodes, Placement placement, ClientMeters meters) {
        this.config = config;
        this.nodes = nodes;
        this.placement = placement;
        this.io = new ReplicaIo(config);
        this.meters = meters;
    }

    ChunkRef write(ChunkId id, ChunkBuffers.Buffer buffer, BlockChecksums checksums) {
        long startNs = System.nanoTime();
        Deque<NodeLink> live = new ArrayDeque<>();
        Deque<NodeLink> resting = new ArrayDeque<>();
        for (NodeLink node : nodes.liveFirst(placement.order(id, nodes.ids()))) {
            (node.isResting() ? resting : live).add(node);
        }
        Attempt attempt = new Attempt(id, buffer, checksums);
        // Usually one round. A node that fails is replaced by the next in the order, if there are more nodes than
        // replicas.
        while (attempt.done.size() < config.replicas() && !live.isEmpty()) {
            attempt.round(take(live, config.replicas() - attempt.done.size()));
        }
        // Only to reach the minimum is it worth waiting for nodes that could not be reached lately.
        while (attempt.done.size() < config.minReplicas() && !resting.isEmpty()) {
            List<NodeLink> woken = take(resting, config.minReplicas() - attempt.done.size());
            woken.forEach(NodeLink::wake);
            attempt.round(woken);
        }
        if (attempt.done.size() < config.minReplicas()) {
            throw new StoreException(
                    StoreError.TOO_FEW_REPLICAS,
                    "chunk " + id + " is on " + attempt.done.size() + " nodes, at least " + config.minReplicas()
                            + " are wanted: " + String.join("; ", attempt.reasons));
        }
        meters.replicated(System.nanoTime() - startNs);
        return new ChunkRef(id, checksums.length(), checksums.combined(), attempt.done);
    }

    private static List<NodeLink> take(Deque<NodeLink> from, int count) {
        List<NodeLink> taken = new ArrayList<>();
        while (taken.size() < count && !from.isEmpty()) {
            taken.add(from.removeFirst());
        }
        return taken;
    }

    /** One chunk's way to its replicas. */
    private final class Attempt {
        final List<String> done = new ArrayList<>();
        final List<String> reasons = new ArrayList<>();
        private final ChunkId id;
        private final ChunkBuffers.Buffer buffer;
        private final BlockChecksums checksums;

        Attempt(ChunkId id, ChunkBuffers.Buffer buffer, BlockChecksums checksums) {
            this.id = id;
            this.buffer = buffer;
            this.checksums = checksums;
        }

        /** Writes to all of them at once, and waits for all. */
        void round(List<NodeLink> targets) {
            for (Nodes.Answer<Boolean> answer : nodes.askAll(targets, node -> {
                io.write(node, id, buffer, checksums);
                return true;
            })) {
                StoreException failure = answer.failure();
                if (failure == null) {
                    done.add(answer.node().id());
                } else {
                    meters.passedOver("write", failure.error());
                    reasons.add("" + failure.getMessage());
                }
            }
        }
    }

    void read(ChunkRef chunk, ChunkBuffers.Buffer buffer) {
        long startNs = System.nanoTime();
        List<String> reasons = new ArrayList<>();
        // Those that had it when it was written, then the others: a chunk may have been copied since.
        Stream<String> holders = chunk.nodes().stream();
        Stream<String> others = placement.order(chunk.id(), nodes.ids()).stream()
                .filter(n -> !chunk.nodes().contains(n));
        for (NodeLink node : nodes.liveFirst(Stream.concat(holders, others).toList())) {
            try {
                if (node.isResting()) {
                    // Nobody livelier had it, or it would not be this one's turn.
                    node.wake();
                }
                io.read(node, chunk, buffer);
                meters.fetched(System.nanoTime() - startNs);
                return;
            } catch (StoreException e) {
                meters.passedOver("read", e.error());
                reasons.add("" + e.getMessage());
            }
        }
        throw new StoreException(
                StoreError.UNREACHABLE,
                "chunk " + chunk.id() + " could not be read from any node: " + String.join("; ", reasons));
    }
}
