package io.fairlead.store.client;

import io.fairlead.store.chunk.ChunkId;
import java.util.Collection;
import java.util.List;

/** Which nodes a chunk belongs on. The same chunk and nodes must always yield the same order, in every client. */
public interface Placement {
    /** All of {@code nodes}, the most wanted first. */
    List<String> order(ChunkId chunk, Collection<String> nodes);
}
