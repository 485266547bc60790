package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.config.ClientConfig;
import io.fairlead.store.manifest.ChunkRef;
import java.util.ArrayList;
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
        List<NodeLink> order = nodes.liveFirst(placement.order(id, nodes.ids()));
        List<NodeLink> done = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        int next = 0;
        // Usually one round. A node that failed is replaced by the next in the order, if there are more nodes than replicas.
        while (done.size() < config.replicas() && next < order.size()) {
            int until = Math.min(order.size(), next + config.replicas() - done.size());
            List<NodeLink> round = new ArrayList<>();
            for (NodeLink node : order.subList(next, until)) {
                if (!node.isResting()) {
                    round.add(node);
                } else if (done.size() + round.size() < config.minReplicas()) {
                    node.wake();
                    round.add(node);
                }
            }
            next = until;
            for (Nodes.Answer<Boolean> answer : nodes.askAll(round, node -> {
                io.write(node, id, buffer, checksums);
                return true;
            })) {
                StoreException failure = answer.failure();
                if (failure == null) {
                    done.add(answer.node());
                } else {
                    meters.passedOver("write", failure.error());
                    reasons.add("" + failure.getMessage());
                }
            }
        }
        if (done.size() < config.minReplicas()) {
            throw new StoreException(
                    StoreError.TOO_FEW_REPLICAS,
                    "chunk " + id + " is on " + done.size() + " nodes, at least " + config.minReplicas()
                            + " are wanted: " + String.join("; ", reasons));
        }
        meters.replicated(System.nanoTime() - startNs);
        return new ChunkRef(
                id, checksums.length(), checksums.combined(), done.stream().map(NodeLink::id).toList());
    }

    void read(ChunkRef chunk, ChunkBuffers.Buffer buffer) {
        long startNs = System.nanoTime();
        List<String> reasons = new ArrayList<>();
        // Those that had it when it was written, then the others: a chunk may have been copied since.
        Stream<String> holders = chunk.nodes().stream();
        Stream<String> others =
                placement.order(chunk.id(), nodes.ids()).stream().filter(n -> !chunk.nodes().contains(n));
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
