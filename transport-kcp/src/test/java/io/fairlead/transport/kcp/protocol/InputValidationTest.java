package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** A field that cannot be changes nothing, and what came before it in the datagram stands. */
class InputValidationTest {
    private final Pair pair = new Pair(
            KcpPresets.NATIVE.with(SegmentLimits.DEFAULT.withStream(false).withMaxPayload(1000)));

    private InputResult segment(int command, int fragment, int window, int stamp, int number, int una, int length) {
        byte[] datagram = new byte[SegmentHeader.BYTES + Math.max(0, length)];
        SegmentHeader.write(
                MemorySegment.ofArray(datagram),
                0,
                Pair.CONVERSATION,
                SegmentHeader.kind(command, fragment, window),
                stamp,
                number,
                una,
                length);
        return pair.input(0, datagram);
    }

    @Test
    void shortForeignAndUnknownDatagramsAreNamed() {
        assertThat(pair.input(0, new byte[23])).isEqualTo(InputResult.TOO_SHORT);
        assertThat(pair.input(0, new byte[24])).isEqualTo(InputResult.FOREIGN);
        assertThat(segment(80, 0, 1, 0, 0, 0, 0)).isEqualTo(InputResult.UNKNOWN_COMMAND);
        assertThat(segment(85, 0, 1, 0, 0, 0, 0)).isEqualTo(InputResult.UNKNOWN_COMMAND);
        assertThat(segment(SegmentHeader.PUSH, 0, 1, 0, 0, 0, -1)).isEqualTo(InputResult.BAD_LENGTH);
        assertThat(pair.ends[0].stats().foreign()).isEqualTo(4);
    }

    @Test
    void acknowledgementOfWhatWasNeverSentTakesNothingAway() {
        pair.send(0, "one");
        pair.send(0, "two");
        pair.flush(0);
        segment(SegmentHeader.WINDOW_TELL, 0, 100, 0, 0, 3, 0);
        segment(SegmentHeader.WINDOW_TELL, 0, 100, 0, 0, Integer.MAX_VALUE, 0);
        segment(SegmentHeader.WINDOW_TELL, 0, 100, 0, 0, -2_000_000_000, 0);
        segment(SegmentHeader.ACK, 0, 100, 0, 2, 0, 0);
        assertThat(pair.ends[0].waitSend()).isEqualTo(2);
        assertThat(pair.ends[0].stats().refused()).isEqualTo(4);
        segment(SegmentHeader.WINDOW_TELL, 0, 100, 0, 0, 2, 0);
        assertThat(pair.ends[0].waitSend()).isZero();
    }

    @Test
    void acknowledgementWithAStampThatWasNotOursTeachesNothing() {
        pair.nowMs = 1000;
        pair.send(0, "one");
        pair.flush(0);
        pair.nowMs = 1040;
        segment(SegmentHeader.ACK, 0, 100, 999, 0, 1, 0);
        assertThat(pair.ends[0].waitSend()).isEqualTo(1);
        assertThat(pair.ends[0].smoothedRttNs()).isZero();
        segment(SegmentHeader.ACK, 0, 100, 1000, 0, 1, 0);
        assertThat(pair.ends[0].waitSend()).isZero();
        assertThat(pair.ends[0].smoothedRttNs()).isEqualTo(40_000_000);
    }

    @Test
    void staleWindowDoesNotCloseANewerOne() {
        for (int i = 0; i < 4; i++) {
            pair.send(0, "m" + i);
        }
        pair.flush(0);
        segment(SegmentHeader.WINDOW_TELL, 0, 50, 0, 0, 2, 0);
        segment(SegmentHeader.WINDOW_TELL, 0, 0, 0, 0, 1, 0);
        assertThat(pair.ends[0].peerWindowSegments()).isEqualTo(50);
        segment(SegmentHeader.WINDOW_TELL, 0, 0, 0, 0, 3, 0);
        assertThat(pair.ends[0].peerWindowSegments()).isZero();
    }

    @Test
    void segmentsBeyondTheWindowAndTooLongOnesAreDroppedUnacknowledged() {
        segment(SegmentHeader.PUSH, 0, 1, 0, 1024, 0, 10);
        segment(SegmentHeader.PUSH, 0, 1, 0, -300_000, 0, 10);
        segment(SegmentHeader.PUSH, 0, 1, 0, 0, 0, 1001);
        assertThat(pair.ends[0].stats().beyondWindow()).isEqualTo(2);
        assertThat(pair.ends[0].stats().refused()).isEqualTo(1);
        assertThat(pair.flush(0)).isEmpty();
        assertThat(pair.pools[0].slotsInUse()).isZero();
    }

    @Test
    void fragmentsThatCannotBelongTogetherAreRefused() {
        Pair small = new Pair(KcpPresets.NATIVE
                .with(SegmentLimits.DEFAULT.withStream(false))
                .with(Windows.DEFAULT.withSegments(8, 8)));
        byte[] datagram = new byte[SegmentHeader.BYTES];
        MemorySegment at = MemorySegment.ofArray(datagram);
        int[][] numberAndFragment = {{0, 8}, {0, 255}, {0, 3}, {1, 3}, {1, 2}, {3, 1}, {3, 0}, {2, 0}, {2, 1}};
        for (int[] each : numberAndFragment) {
            int kind = SegmentHeader.kind(SegmentHeader.PUSH, each[1], 1);
            SegmentHeader.write(at, 0, Pair.CONVERSATION, kind, 0, each[0], 0, 0);
            small.input(0, datagram);
        }
        // Refused: two heads of more than the window, a second 3 of 3, and for 3 and 2 the wrong ones.
        assertThat(small.ends[0].stats().refused()).isEqualTo(5);
        assertThat(small.ends[0].stats().segmentsIn()).isEqualTo(4);
    }

    @Test
    void goodSegmentsBeforeABadOneCount() {
        byte[] datagram = new byte[2 * SegmentHeader.BYTES + 1];
        MemorySegment at = MemorySegment.ofArray(datagram);
        int kind = SegmentHeader.kind(SegmentHeader.PUSH, 0, 1);
        SegmentHeader.write(at, 0, Pair.CONVERSATION, kind, 0, 0, 0, 1);
        SegmentHeader.write(at, SegmentHeader.BYTES + 1, Pair.CONVERSATION, kind, 0, 1, 0, 1);
        assertThat(pair.input(0, datagram)).isEqualTo(InputResult.BAD_LENGTH);
        assertThat(pair.received[0].size()).isEqualTo(1);
    }
}
