package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Keeps every datagram, and gives the same buffer again and again. */
final class Recorder implements DatagramSink {
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[70_000]);
    final List<byte[]> datagrams = new ArrayList<>();

    @Override
    public MemorySegment buffer() {
        return buffer;
    }

    @Override
    public void submit(MemorySegment from, int offset, int lengthBytes) {
        byte[] datagram = new byte[lengthBytes];
        MemorySegment.copy(from, offset, MemorySegment.ofArray(datagram), 0, lengthBytes);
        datagrams.add(datagram);
    }

    /** And forgets them. */
    List<byte[]> take() {
        List<byte[]> taken = List.copyOf(datagrams);
        datagrams.clear();
        return taken;
    }

    static String hex(byte[] datagram) {
        return HexFormat.of().formatHex(datagram);
    }

    /** One line for each segment: command, fragment, window, ts, sn, una, len. */
    static List<String> segments(byte[] datagram) {
        List<String> lines = new ArrayList<>();
        MemorySegment in = MemorySegment.ofArray(datagram);
        for (int at = 0; at < datagram.length; ) {
            int kind = SegmentHeader.kind(in, at);
            String name = switch (SegmentHeader.command(kind)) {
                case SegmentHeader.PUSH -> "PUSH";
                case SegmentHeader.ACK -> "ACK";
                case SegmentHeader.WINDOW_ASK -> "WASK";
                default -> "WINS";
            };
            int length = SegmentHeader.length(in, at);
            lines.add(name + " frg=" + SegmentHeader.fragment(kind) + " wnd=" + SegmentHeader.window(kind) + " ts="
                    + SegmentHeader.stamp(in, at) + " sn=" + SegmentHeader.number(in, at) + " una="
                    + SegmentHeader.unacknowledged(in, at) + " len=" + length);
            at += SegmentHeader.BYTES + length;
        }
        return lines;
    }
}
