package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes over the wire is KCP, to the byte. */
class WireFormatTest {
    /** Written by kcp-go 5.6.1 for "hello" in conversation 0x11223344 with a receive window of 32. */
    private static final String HELLO_OF_KCP_GO = "443322115100200000000000000000000000000005000000" + "68656c6c6f";

    /** And for "kcp-go fec!", its second segment. */
    private static final String SECOND_OF_KCP_GO =
            "443322115100200000000000010000000000000" + "00b0000006b63702d676f2066656321";

    private static final KcpConfig CONFIG = KcpPresets.TURBO.with(Windows.DEFAULT.withSegments(32, 32));

    @Test
    void writesWhatKcpGoWrites() {
        Pair pair = new Pair(CONFIG);
        pair.send(0, "hello");
        assertThat(pair.flush(0)).map(Recorder::hex).containsExactly(HELLO_OF_KCP_GO);
        pair.send(0, "kcp-go fec!");
        assertThat(pair.flush(0)).map(Recorder::hex).containsExactly(SECOND_OF_KCP_GO);
    }

    @Test
    void readsWhatKcpGoWritesAndAcknowledgesIt() {
        Pair pair = new Pair(CONFIG.with(new AckPolicy(true, true, false, Duration.ZERO)));
        pair.input(1, HexFormat.of().parseHex(HELLO_OF_KCP_GO));
        pair.input(1, HexFormat.of().parseHex(SECOND_OF_KCP_GO));
        assertThat(pair.text(1)).isEqualTo("hellokcp-go fec!");
        List<byte[]> answers = pair.flush(1);
        assertThat(answers).hasSize(1);
        assertThat(Recorder.segments(answers.getFirst()))
                .containsExactly("ACK frg=0 wnd=32 ts=0 sn=0 una=2 len=0", "ACK frg=0 wnd=32 ts=0 sn=1 una=2 len=0");
    }

    @Test
    void acknowledgementEchoesTheStampOfTheTransmission() {
        Pair pair = new Pair(KcpPresets.NATIVE);
        pair.nowMs = 1234;
        pair.send(0, "x");
        pair.carry(0);
        pair.nowMs = 1300;
        assertThat(Recorder.segments(pair.flush(1).getFirst()))
                .containsExactly("ACK frg=0 wnd=1024 ts=1234 sn=0 una=1 len=0");
    }

    @Test
    void messagesAreNumberedDownToZero() {
        Pair pair = new Pair(
                KcpPresets.NATIVE.with(SegmentLimits.DEFAULT.withStream(false).withMtu(124)));
        assertThat(pair.send(0, 250)).isEqualTo(250);
        List<byte[]> datagrams = pair.flush(0);
        assertThat(datagrams).hasSize(3);
        assertThat(datagrams.stream().flatMap(datagram -> Recorder.segments(datagram).stream()))
                .containsExactly(
                        "PUSH frg=2 wnd=1024 ts=0 sn=0 una=0 len=100",
                        "PUSH frg=1 wnd=1024 ts=0 sn=1 una=0 len=100",
                        "PUSH frg=0 wnd=1024 ts=0 sn=2 una=0 len=50");
    }

    @Test
    void streamModeFillsSegmentsAcrossSendsAndAcknowledgementsRideAlong() {
        Pair pair = new Pair(KcpPresets.NATIVE.with(SegmentLimits.DEFAULT.withMtu(124)));
        pair.send(0, 60);
        pair.send(0, 60);
        pair.carry(0);
        pair.send(1, "answer");
        assertThat(Recorder.segments(pair.flush(1).getFirst()))
                .containsExactly(
                        "ACK frg=0 wnd=1024 ts=0 sn=1 una=2 len=0", "PUSH frg=0 wnd=1024 ts=0 sn=0 una=2 len=6");
        assertThat(pair.received[1].size()).isEqualTo(120);
    }

    @Test
    void datagramsStartBehindTheHeadroomAndKeepToTheMtu() {
        int headroom = 40;
        KcpConfig config =
                KcpPresets.NATIVE.with(SegmentLimits.DEFAULT.withMtu(470).withHeadroom(headroom));
        MemorySegment buffer = MemorySegment.ofArray(new byte[headroom + 470]);
        DatagramSink sink = new DatagramSink() {
            @Override
            public MemorySegment buffer() {
                return buffer;
            }

            @Override
            public void submit(MemorySegment from, int offset, int lengthBytes) {
                assertThat(offset).isEqualTo(headroom);
                assertThat(lengthBytes).isLessThanOrEqualTo(470);
            }
        };
        SlotPool pool = new SlotPool(config.segments().slotBytes(), 1000);
        Kcp kcp = new Kcp(1, config, pool, sink, Receiver.PULLED, 0);
        kcp.send(MemorySegment.ofArray(new byte[10_000]), 0, 10_000);
        kcp.flush(0);
        assertThat(kcp.stats().datagramsOut()).isEqualTo(23);
    }
}
