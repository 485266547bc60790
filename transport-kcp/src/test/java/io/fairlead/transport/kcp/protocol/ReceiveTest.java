package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes reach the receiver where they lie, each once, whatever it takes of them. */
class ReceiveTest {
    private static final int CONVERSATION = 5;
    private static final KcpConfig MESSAGES = KcpPresets.NATIVE.with(SegmentLimits.DEFAULT.withStream(false));

    private final Recorder sink = new Recorder();
    private final SlotPool pool = new SlotPool(1476, 32);
    private final List<String> offered = new ArrayList<>();
    private int most = Integer.MAX_VALUE;
    private MemorySegment lastOffered = MemorySegment.NULL;

    private Kcp kcp(KcpConfig config) {
        Receiver receiver = (bytes, offset, length, fragmentsLeft) -> {
            int taken = Math.min(most, length);
            lastOffered = bytes;
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < taken; i++) {
                text.append((char) bytes.get(ValueLayout.JAVA_BYTE, offset + i));
            }
            offered.add(text.toString());
            return taken;
        };
        return new Kcp(CONVERSATION, config, pool, sink, receiver, 0);
    }

    private static MemorySegment push(int number, String text) {
        byte[] datagram = new byte[SegmentHeader.BYTES + text.length()];
        MemorySegment to = MemorySegment.ofArray(datagram);
        int kind = SegmentHeader.kind(SegmentHeader.PUSH, 0, 100);
        SegmentHeader.write(to, 0, CONVERSATION, kind, 0, number, 0, text.length());
        for (int i = 0; i < text.length(); i++) {
            datagram[SegmentHeader.BYTES + i] = (byte) text.charAt(i);
        }
        return to;
    }

    private static void input(Kcp kcp, MemorySegment datagram) {
        assertThat(kcp.input(datagram, 0, (int) datagram.byteSize(), 0)).isEqualTo(InputResult.OK);
    }

    @Test
    void dataInOrderIsOfferedInTheDatagramAndTakesNoSlot() {
        Kcp kcp = kcp(KcpPresets.NATIVE);
        MemorySegment datagram = push(0, "direct");
        input(kcp, datagram);
        assertThat(lastOffered).isSameAs(datagram);
        assertThat(offered).containsExactly("direct");
        assertThat(pool.slotsInUse()).isZero();
    }

    @Test
    void dataAfterAGapWaitInSlotsAndFollowWhenItIsFilled() {
        Kcp kcp = kcp(KcpPresets.NATIVE);
        input(kcp, push(2, "c"));
        input(kcp, push(1, "b"));
        input(kcp, push(1, "b"));
        assertThat(pool.slotsInUse()).isEqualTo(2);
        input(kcp, push(0, "a"));
        assertThat(offered).containsExactly("a", "b", "c");
        assertThat(pool.slotsInUse()).isZero();
    }

    @Test
    void anEmptyMessageIsOfferedOnce() {
        Kcp kcp = kcp(MESSAGES);
        input(kcp, push(0, ""));
        input(kcp, push(1, "next"));
        assertThat(offered).containsExactly("", "next");
        assertThat(pool.slotsInUse()).isZero();
    }

    @Test
    void whatIsNotTakenIsOfferedAgainFromWhereItEnded() {
        Kcp kcp = kcp(KcpPresets.NATIVE);
        most = 2;
        input(kcp, push(0, "abcdef"));
        input(kcp, push(1, "gh"));
        kcp.deliver();
        most = Integer.MAX_VALUE;
        kcp.deliver();
        assertThat(String.join("|", offered)).isEqualTo("ab|cd|ef|gh");
    }

    @Test
    void aSegmentWithoutASlotIsNotAcknowledgedAndItsRestComesWithTheNextTransmission() {
        while (pool.take() != SlotPool.NONE) {}
        Kcp kcp = kcp(KcpPresets.NATIVE);
        most = 2;
        input(kcp, push(0, "abcdef"));
        kcp.flush(0);
        assertThat(sink.take()).isEmpty();
        assertThat(kcp.stats().noSlot()).isEqualTo(1);
        most = Integer.MAX_VALUE;
        input(kcp, push(0, "abcdef"));
        assertThat(String.join("|", offered)).isEqualTo("ab|cdef");
        kcp.flush(0);
        assertThat(sink.take()).hasSize(1);
    }

    @Test
    void pulledMessagesComeWholeOrNotAtAll() {
        Kcp kcp = new Kcp(CONVERSATION, MESSAGES, pool, sink, Receiver.PULLED, 0);
        MemorySegment target = MemorySegment.ofArray(new byte[10]);
        assertThat(kcp.receive(target, 0, 10)).isEqualTo(Kcp.NOTHING);
        input(kcp, push(0, "twelve bytes"));
        assertThat(kcp.readyBytes()).isEqualTo(12);
        assertThat(kcp.receive(target, 0, 10)).isEqualTo(Kcp.TOO_LARGE);
        assertThat(kcp.receive(MemorySegment.ofArray(new byte[12]), 0, 12)).isEqualTo(12);
        assertThat(kcp.readyBytes()).isEqualTo(Kcp.NOTHING);
    }
}
