package io.fairlead.store.manifest;

import io.fairlead.store.chunk.ChunkId;
import java.util.List;

/**
 * One chunk of a value.
 *
 * @param length in bytes
 * @param combinedCrc over the checksums of its blocks, as its writer computed them
 * @param nodes that acknowledged it, in the order of preference
 */
public record ChunkRef(ChunkId id, int length, int combinedCrc, List<String> nodes) {
    public ChunkRef {
        nodes = List.copyOf(nodes);
        if (length < 1) {
            throw new IllegalArgumentException("chunk " + id + " has " + length + " bytes");
        }
    }
}
