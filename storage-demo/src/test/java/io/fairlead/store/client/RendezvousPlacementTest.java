package io.fairlead.store.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.store.chunk.ChunkId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RendezvousPlacementTest {
    private static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5");

    private final Placement placement = new RendezvousPlacement();

    private static ChunkId chunk(int i) {
        return new ChunkId(i * 7919L, i);
    }

    @Test
    void theOrderDoesNotDependOnHowTheNodesAreListed() {
        for (int i = 0; i < 100; i++) {
            assertThat(placement.order(chunk(i), NODES.reversed())).isEqualTo(placement.order(chunk(i), NODES));
        }
    }

    @Test
    void chunksSpreadEvenly() {
        int[] firsts = new int[NODES.size()];
        for (int i = 0; i < 10_000; i++) {
            firsts[NODES.indexOf(placement.order(chunk(i), NODES).getFirst())]++;
        }
        assertThat(Arrays.stream(firsts)).allMatch(count -> count > 1800 && count < 2200);
    }

    @Test
    void aNodeThatLeavesMovesOnlyWhatItHeld() {
        for (int i = 0; i < 1000; i++) {
            List<String> before = new ArrayList<>(placement.order(chunk(i), NODES));
            before.remove("n3");
            assertThat(placement.order(chunk(i), List.of("n1", "n2", "n4", "n5")))
                    .isEqualTo(before);
        }
    }
}
