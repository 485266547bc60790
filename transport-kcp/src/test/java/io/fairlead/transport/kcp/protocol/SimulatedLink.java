package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Carries the datagrams of one engine by a {@link LinkModel}; the same seed loses the same ones. */
final class SimulatedLink implements DatagramSink {
    /** IPv4 and UDP. */
    static final int PACKET_HEADERS = 28;

    private final Simulation simulation;
    private final RandomGenerator random;
    private final Consumer<byte[]> target;
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[70_000]);
    private LinkModel model;
    private boolean bad;
    private boolean down;
    private long busyUntilNs;
    private long lastArrivalNs;
    long wireBytes;
    long datagrams;
    long lost;

    @Nullable
    Consumer<byte[]> tap;

    SimulatedLink(Simulation simulation, LinkModel model, RandomGenerator random, Consumer<byte[]> target) {
        this.simulation = simulation;
        this.model = model;
        this.random = random;
        this.target = target;
        this.busyUntilNs = simulation.nowNs();
    }

    void become(LinkModel changed) {
        model = changed;
    }

    void down(boolean isDown) {
        down = isDown;
    }

    @Override
    public MemorySegment buffer() {
        return buffer;
    }

    @Override
    public void submit(MemorySegment from, int offset, int lengthBytes) {
        byte[] datagram = new byte[lengthBytes];
        MemorySegment.copy(from, offset, MemorySegment.ofArray(datagram), 0, lengthBytes);
        if (tap != null) {
            tap.accept(datagram);
        }
        carry(datagram);
    }

    void carry(byte[] datagram) {
        wireBytes += datagram.length + PACKET_HEADERS;
        datagrams++;
        bad = random.nextDouble() < (bad ? 1 - model.toGood() : model.toBad());
        if (bad || down || random.nextDouble() < model.loss()) {
            lost++;
            return;
        }
        arrive(datagram);
        if (model.duplicate() > 0 && random.nextDouble() < model.duplicate()) {
            arrive(datagram);
        }
    }

    private void arrive(byte[] datagram) {
        long now = simulation.nowNs();
        long departs = now;
        if (model.bitsPerSecond() > 0) {
            long nsPerByte = 8_000_000_000L / model.bitsPerSecond();
            long waiting = Math.max(0, busyUntilNs - now);
            if (waiting > model.queueBytes() * nsPerByte) {
                lost++;
                return;
            }
            busyUntilNs = now + waiting + (datagram.length + PACKET_HEADERS) * nsPerByte;
            departs = busyUntilNs;
        }
        long arrives = departs + model.delayNs();
        if (model.jitterNs() > 0) {
            arrives += random.nextLong(model.jitterNs() + 1);
        }
        if (model.reorder() > 0 && random.nextDouble() < model.reorder()) {
            arrives += model.reorderNs();
        } else if (model.keepsOrder()) {
            arrives = Math.max(arrives, lastArrivalNs);
            lastArrivalNs = arrives;
        }
        simulation.at(arrives, () -> target.accept(datagram));
    }
}
