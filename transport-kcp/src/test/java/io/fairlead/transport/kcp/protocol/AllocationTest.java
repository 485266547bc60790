package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Two engines that talk, with losses, allocate nothing once they have grown to what is under way. */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    /** Hands each datagram to the other engine at once, but for each eleventh. */
    private static final class Wire implements DatagramSink {
        private final MemorySegment buffer = MemorySegment.ofArray(new byte[1500]);
        private final MemorySegment[] queue = new MemorySegment[64];
        private final int[] lengths = new int[64];
        private int queued;
        private int count;

        Wire() {
            for (int i = 0; i < queue.length; i++) {
                queue[i] = MemorySegment.ofArray(new byte[1500]);
            }
        }

        @Override
        public MemorySegment buffer() {
            return buffer;
        }

        @Override
        public void submit(MemorySegment from, int offset, int lengthBytes) {
            if (++count % 11 != 0 && queued < queue.length) {
                MemorySegment.copy(from, offset, queue[queued], 0, lengthBytes);
                lengths[queued++] = lengthBytes;
            }
        }

        void deliver(Kcp to, long nowNs) {
            for (int i = 0; i < queued; i++) {
                to.input(queue[i], 0, lengths[i], nowNs);
            }
            queued = 0;
        }
    }

    @Test
    void steadyTrafficWithLossesAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Wire[] wires = {new Wire(), new Wire()};
        Receiver receiver = (bytes, offset, length, left) -> length;
        KcpConfig config = KcpPresets.NATIVE;
        SlotPool pool = new SlotPool(config.segments().slotBytes(), 10_000);
        Kcp[] ends = {new Kcp(1, config, pool, wires[0], receiver, 0), new Kcp(1, config, pool, wires[1], receiver, 0)};
        MemorySegment payload = MemorySegment.ofArray(new byte[900]);
        long now = run(ends, wires, payload, 0);
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        run(ends, wires, payload, now);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        assertThat(ends[0].stats().retransmits()).isGreaterThan(1000);
        assertThat((double) allocated / ROUNDS)
                .as("bytes for each round of two segments")
                .isLessThan(1.0);
    }

    private static long run(Kcp[] ends, Wire[] wires, MemorySegment payload, long startNs) {
        long now = startNs;
        for (int round = 0; round < ROUNDS; round++) {
            for (int end = 0; end < 2; end++) {
                ends[end].send(payload, 0, 900);
                ends[end].flush(now);
                now += 1_000_000;
                wires[end].deliver(ends[1 - end], now);
                ends[1 - end].update(now);
            }
        }
        return now;
    }
}
