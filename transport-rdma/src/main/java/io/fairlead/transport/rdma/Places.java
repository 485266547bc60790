package io.fairlead.transport.rdma;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which connection a completion is for: places that are used again, each time with the next generation. For one loop. */
final class Places {
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private @Nullable RdmaWire[] wires = new @Nullable RdmaWire[16];
    private int[] generations = new int[16];
    private int used;

    /** @return -1 if all are taken */
    int take(RdmaWire wire) {
        Integer reused = free.poll();
        int place = reused != null ? reused : used;
        if (place >= WorkId.MOST_PLACES) {
            return -1;
        }
        if (reused == null) {
            used++;
            if (place == wires.length) {
                wires = Arrays.copyOf(wires, place * 2);
                generations = Arrays.copyOf(generations, place * 2);
            }
        }
        wires[place] = wire;
        return place;
    }

    void give(int place) {
        wires[place] = null;
        generations[place]++;
        free.add(place);
    }

    int generation(int place) {
        return generations[place];
    }

    /** The connection that posted this, if it is still there. */
    @Nullable
    RdmaWire at(int place, long id) {
        return place < used && WorkId.isOf(id, generations[place]) ? wires[place] : null;
    }
}
