package io.fairlead.store.config;

import io.fairlead.transport.Endpoint;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client of a cluster; {@code reference.conf} tells what each setting is for.
 *
 * @param nodes all nodes of the cluster, live or dead, by id
 */
public record ClientConfig(
        String cluster,
        Map<String, Endpoint> nodes,
        int chunkBytes,
        int maxChunkBytes,
        int blockBytes,
        int replicas,
        int minReplicas,
        int chunksInFlight,
        Duration chunkTimeout,
        Duration requestTimeout,
        Duration deadFor) {
    public ClientConfig {
        nodes = Map.copyOf(nodes);
        if (minReplicas < 1 || minReplicas > replicas) {
            throw new IllegalArgumentException("store.replication.min-replicas is " + minReplicas
                    + ", allowed 1 to store.replication.replicas, which is " + replicas);
        }
        if (!nodes.isEmpty() && nodes.size() < replicas) {
            throw new IllegalArgumentException("store.replication.replicas is " + replicas + ", but store.nodes has "
                    + nodes.size() + " " + new TreeMap<>(nodes).keySet());
        }
    }

    /** The same for another set of nodes. */
    public ClientConfig with(Map<String, Endpoint> others, int copies, int minCopies) {
        return new ClientConfig(
                cluster,
                others,
                chunkBytes,
                maxChunkBytes,
                blockBytes,
                copies,
                minCopies,
                chunksInFlight,
                chunkTimeout,
                requestTimeout,
                deadFor);
    }
}
