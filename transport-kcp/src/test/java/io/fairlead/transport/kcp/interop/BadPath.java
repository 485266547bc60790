package io.fairlead.transport.kcp.interop;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * One direction between an engine and its socket, which loses, doubles and holds back datagrams as a seed says. What is held back goes
 * after a few of those behind it, or after a while if there are none.
 */
final class BadPath {
    private static final int MOST_OVERTAKING = 8;
    private static final long HELD_NS = 5_000_000;

    private final SplittableRandom random;
    private final Faults faults;
    private final Consumer<ByteBuffer> end;
    private final List<Held> held = new ArrayList<>();

    /** @param end takes each datagram during its call only */
    BadPath(long seed, Faults faults, Consumer<ByteBuffer> end) {
        this.random = new SplittableRandom(seed);
        this.faults = faults;
        this.end = end;
    }

    /** Probabilities of one datagram. */
    record Faults(double loss, double duplicate, double reorder) {
        static final Faults NONE = new Faults(0, 0, 0);

        /** The given loss, with a little of the rest. */
        static Faults lossy(double loss) {
            return new Faults(loss, 0.01, 0.01);
        }
    }

    private static final class Held {
        final ByteBuffer datagram;
        final long untilNs;
        int overtaking;

        Held(ByteBuffer datagram, long untilNs, int overtaking) {
            this.datagram = datagram;
            this.untilNs = untilNs;
            this.overtaking = overtaking;
        }
    }

    /** One datagram comes; its bytes are the caller's again when this returns. */
    void pass(ByteBuffer datagram, long nowNs) {
        if (random.nextDouble() < faults.loss) {
            return;
        }
        if (random.nextDouble() < faults.reorder) {
            ByteBuffer copy = ByteBuffer.allocate(datagram.remaining())
                    .put(datagram.duplicate())
                    .flip();
            held.add(new Held(copy, nowNs + HELD_NS, random.nextInt(1, MOST_OVERTAKING)));
            return;
        }
        if (random.nextDouble() < faults.duplicate) {
            end.accept(datagram.duplicate());
        }
        end.accept(datagram);
        if (!held.isEmpty()) {
            held.forEach(one -> one.overtaking--);
            release(nowNs);
        }
    }

    /** Lets go what was held back for long enough. */
    void release(long nowNs) {
        for (Iterator<Held> all = held.iterator(); all.hasNext(); ) {
            Held one = all.next();
            if (one.overtaking <= 0 || one.untilNs <= nowNs) {
                all.remove();
                end.accept(one.datagram);
            }
        }
    }

    /** When to call {@link #release}; {@link Long#MAX_VALUE} for never. */
    long nextNs() {
        return held.isEmpty() ? Long.MAX_VALUE : held.getFirst().untilNs;
    }
}
