package io.fairlead.store.client;

import io.fairlead.store.chunk.ChunkId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Highest random weight: each node bids a hash of itself and the chunk. Spreads evenly without any state, and a node that
 * joins or leaves moves only the chunks that it wins or held.
 */
public final class RendezvousPlacement implements Placement {
    private record Bid(String node, long weight) {}

    @Override
    public List<String> order(ChunkId chunk, Collection<String> nodes) {
        return nodes.stream()
                .map(node -> new Bid(node, weight(chunk, node)))
                .sorted(Comparator.comparingLong(Bid::weight).reversed().thenComparing(Bid::node))
                .map(Bid::node)
                .toList();
    }

    private static long weight(ChunkId chunk, String node) {
        long hash = chunk.high();
        for (byte b : node.getBytes(StandardCharsets.UTF_8)) {
            hash = mix(hash ^ b);
        }
        return mix(hash ^ chunk.low());
    }

    /** The finalizer of SplitMix64: every bit of the input moves every bit of the output. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
