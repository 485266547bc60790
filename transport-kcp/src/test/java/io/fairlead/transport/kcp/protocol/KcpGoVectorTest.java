package io.fairlead.transport.kcp.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.kcp.protocol.LossRecovery.Rules;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * With its rules and settings, (1, 10, 2, 1) and windows of 32, the engine writes byte for byte what kcp-go 5.6.1 does in the same
 * situation, and reads what that writes. All the datagrams here were written by kcp-go, in conversation 0x11223344.
 */
class KcpGoVectorTest {
    private static final int CONVERSATION = 0x11223344;
    private static final long NS_PER_MS = 1_000_000;
    private static final KcpConfig CONFIG =
            KcpPresets.legacy(Rules.KCP_GO, 1, 10, 2, true).with(Windows.DEFAULT.withSegments(32, 32));

    private static final String FIRST_TEXT = "hello";
    private static final String SECOND_TEXT = "kcp-go fec!";
    private static final String FIRST =
            "4433221151002000" + "00000000" + "00000000" + "0000000005000000" + "68656c6c6f";
    private static final long LATER_MS = 0x34;
    private static final String FIRST_LATER =
            "4433221151002000" + "34000000" + "00000000" + "0000000005000000" + "68656c6c6f";
    private static final String SECOND_LATER =
            "4433221151002000" + "34000000" + "01000000" + "000000000b000000" + "6b63702d676f2066656321";

    private final List<String> written = new ArrayList<>();

    @Test
    void segmentsOfAStream() {
        Kcp kcp = engine(CONFIG);
        assertThat(flushed(kcp, 0, FIRST_TEXT)).containsExactly(FIRST);
        kcp = engine(CONFIG);
        assertThat(flushed(kcp, LATER_MS, FIRST_TEXT)).containsExactly(FIRST_LATER);
        assertThat(flushed(kcp, LATER_MS, SECOND_TEXT)).containsExactly(SECOND_LATER);
    }

    @Test
    void fragmentsOfAMessage() {
        String first = "4433221151012000" + "00000000" + "00000000" + "000000001a000000"
                + "74686520717569636b2062726f776e20666f78206a756d707320";
        String second = "4433221151002000" + "00000000" + "01000000" + "0000000011000000"
                + "6f76657220746865206c617a7920646f67";
        String text = "the quick brown fox jumps over the lazy dog";
        KcpConfig messages = CONFIG.with(SegmentLimits.DEFAULT.withStream(false).withMtu(50));
        assertThat(flushed(engine(messages), 0, text)).containsExactly(first, second);

        Kcp kcp = engine(messages);
        input(kcp, second);
        input(kcp, first);
        assertThat(received(kcp)).isEqualTo(text);
    }

    @Test
    void anAcknowledgementTellsOfAWindowInWhichASegmentWaits() {
        Kcp kcp = engine(CONFIG);
        input(kcp, FIRST_LATER);
        assertThat(flushed(kcp, 60, "")).containsExactly("4433221152001f00340000000000000001000000" + "00000000");
    }

    @Test
    void ofSeveralAcknowledgementsOnlyTheLatestNeedsToBeSaid() {
        Kcp kcp = engine(CONFIG);
        input(kcp, FIRST_LATER);
        input(kcp, SECOND_LATER);
        assertThat(flushed(kcp, 60, "")).containsExactly("4433221152001e00340000000100000002000000" + "00000000");
    }

    @Test
    void twoSegmentsInADatagram() {
        Kcp kcp = engine(CONFIG);
        input(kcp, FIRST_LATER + SECOND_LATER);
        assertThat(received(kcp)).isEqualTo(FIRST_TEXT + SECOND_TEXT);
    }

    @Test
    void anAcknowledgementAfterAGap() {
        Kcp kcp = engine(CONFIG);
        input(kcp, SECOND_LATER);
        assertThat(flushed(kcp, 60, "")).containsExactly("4433221152002000340000000100000000000000" + "00000000");
        assertThat(kcp.readyBytes()).isEqualTo(Kcp.NOTHING);
    }

    @Test
    void theAnswerToAQuestionForTheWindow() {
        Kcp kcp = engine(CONFIG);
        input(kcp, "443322115300000000000000000000000000000000000000");
        assertThat(flushed(kcp, 0, "")).containsExactly("443322115400200000000000000000000000000000000000");
    }

    private Kcp engine(KcpConfig config) {
        MemorySegment buffer = MemorySegment.ofArray(new byte[config.segments().mtuBytes()]);
        DatagramSink sink = new DatagramSink() {
            @Override
            public MemorySegment buffer() {
                return buffer;
            }

            @Override
            public void submit(MemorySegment from, int offset, int lengthBytes) {
                byte[] bytes = new byte[lengthBytes];
                MemorySegment.copy(from, offset, MemorySegment.ofArray(bytes), 0, lengthBytes);
                written.add(HexFormat.of().formatHex(bytes));
            }
        };
        SlotPool pool = new SlotPool(config.segments().slotBytes(), 64);
        return new Kcp(CONVERSATION, config, pool, sink, Receiver.PULLED, 0);
    }

    private List<String> flushed(Kcp kcp, long nowMs, String text) {
        written.clear();
        byte[] bytes = text.getBytes(US_ASCII);
        if (bytes.length > 0) {
            assertThat(kcp.send(MemorySegment.ofArray(bytes), 0, bytes.length)).isEqualTo(bytes.length);
        }
        kcp.flush(nowMs * NS_PER_MS);
        return written;
    }

    private static void input(Kcp kcp, String datagram) {
        byte[] bytes = HexFormat.of().parseHex(datagram);
        assertThat(kcp.input(MemorySegment.ofArray(bytes), 0, bytes.length, 0)).isEqualTo(InputResult.OK);
    }

    private static String received(Kcp kcp) {
        byte[] target = new byte[100];
        int length = kcp.receive(MemorySegment.ofArray(target), 0, target.length);
        return new String(target, 0, length, US_ASCII);
    }
}
