package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** An owner that never flushes, but comes back at each deadline or more often, gets by. */
class KcpDeadlineTest {
    private static final long TICK_NS = KcpPresets.NATIVE.timing().tick().toNanos();
    private static final long BEGIN_NS = 1_000_000_000;

    private final MemorySegment buffer =
            MemorySegment.ofArray(new byte[KcpPresets.NATIVE.segments().mtuBytes()]);
    private int submitted;
    private final DatagramSink sink = new DatagramSink() {
        @Override
        public MemorySegment buffer() {
            return buffer;
        }

        @Override
        public void submit(MemorySegment from, int offset, int lengthBytes) {
            submitted++;
        }
    };
    private final SlotPool pool = new SlotPool(KcpPresets.NATIVE.segments().slotBytes(), 32);
    private final Kcp kcp = new Kcp(1, KcpPresets.NATIVE, pool, sink, Receiver.PULLED, BEGIN_NS);

    @Test
    void whatWasSentLeavesAtTheDeadlineWithoutAFlush() {
        send();
        long deadlineNs = kcp.nextDeadlineNs();
        assertThat(deadlineNs).isLessThanOrEqualTo(BEGIN_NS + TICK_NS);
        kcp.update(deadlineNs);
        assertThat(submitted).isEqualTo(1);
    }

    @Test
    void updatesBeforeTheDeadlineDoNotPutItOff() {
        kcp.flush(BEGIN_NS);
        send();
        long nowNs = BEGIN_NS;
        while (submitted == 0 && nowNs < BEGIN_NS + 10 * TICK_NS) {
            nowNs += TICK_NS / 4;
            kcp.update(nowNs);
        }
        assertThat(nowNs).isLessThanOrEqualTo(BEGIN_NS + TICK_NS);
    }

    private void send() {
        assertThat(kcp.send(MemorySegment.ofArray(new byte[10]), 0, 10)).isEqualTo(10);
    }
}
