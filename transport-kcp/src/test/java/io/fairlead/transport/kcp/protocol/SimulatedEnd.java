package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** An engine with an owner that does as {@link Kcp} says: flushes after input and sends, and comes back at each deadline. */
final class SimulatedEnd {
    private final Simulation simulation;
    private final boolean flushes;
    final Kcp kcp;
    private long plannedNs = Long.MAX_VALUE;
    private long generation;

    @Nullable
    Runnable afterInput;

    /** @param flushes at once after input and sends, else only when a deadline says so, as owners of ikcp do */
    SimulatedEnd(Simulation simulation, Kcp kcp, boolean flushes) {
        this.simulation = simulation;
        this.kcp = kcp;
        this.flushes = flushes;
    }

    void arrived(byte[] datagram) {
        kcp.input(MemorySegment.ofArray(datagram), 0, datagram.length, simulation.nowNs());
        if (afterInput != null) {
            afterInput.run();
        }
        turned();
    }

    /** Something was done to the engine. */
    void turned() {
        if (flushes) {
            kcp.flush(simulation.nowNs());
        }
        plan();
    }

    private void plan() {
        long deadline = kcp.nextDeadlineNs();
        if (deadline == Long.MAX_VALUE || deadline >= plannedNs) {
            return; // an earlier visit finds out by itself that there is nothing to do
        }
        plannedNs = Math.max(deadline, simulation.nowNs());
        long mine = ++generation;
        simulation.at(plannedNs, () -> {
            if (mine == generation) {
                plannedNs = Long.MAX_VALUE;
                kcp.update(simulation.nowNs());
                plan();
            }
        });
    }
}
