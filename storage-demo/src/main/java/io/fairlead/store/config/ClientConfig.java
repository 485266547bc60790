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
        Map<String, Endpoint> nodes,
        int chunkBytes,
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
}
