package io.fairlead.transport.kcp.protocol;

import java.time.Duration;

/**
 * How much may be under way, and how a closed window is opened again.
 *
 * @param sendSegments most segments sent and not acknowledged
 * @param receiveSegments most segments that wait here, out of order or not yet taken; what the peer is told. The field on the wire
 *     has 16 bits
 * @param peerSegments taken for the peer's window until it tells
 * @param probeFirst from a closed window to the first question; never sooner than the retransmission timeout. Legacy
 *     peers wait 7 s, for which a lost opening stalls them
 * @param probeLongest to which the pause between questions doubles
 * @param avoidSilly after it was closed, tell the peer of a window only when there is room for half of it or 8 segments, and repeat
 *     that until data come
 */
public record Windows(
        int sendSegments,
        int receiveSegments,
        int peerSegments,
        Duration probeFirst,
        Duration probeLongest,
        boolean avoidSilly) {
    /** The largest that fits the field. */
    public static final int MOST_SEGMENTS = 65_535;

    /** 1024 segments of 1400 bytes cover 280 Mbit/s at 40 ms. */
    public static final Windows DEFAULT =
            new Windows(1024, 1024, 128, Duration.ofMillis(200), Duration.ofSeconds(10), true);

    public Windows {
        new Faults("windows")
                .range("sendSegments", sendSegments, 1, MOST_SEGMENTS)
                .range("receiveSegments", receiveSegments, 1, MOST_SEGMENTS)
                .range("peerSegments", peerSegments, 1, MOST_SEGMENTS)
                .range("probeFirst", probeFirst, Duration.ofMillis(10), Duration.ofMinutes(2))
                .range("probeLongest", probeLongest, probeFirst, Duration.ofMinutes(2))
                .report();
    }

    public Windows withSegments(int send, int receive) {
        return new Windows(send, receive, peerSegments, probeFirst, probeLongest, avoidSilly);
    }

    /** For peers whose window is known beforehand, say from a handshake. */
    public Windows withPeerSegments(int segments) {
        return new Windows(sendSegments, receiveSegments, segments, probeFirst, probeLongest, avoidSilly);
    }

    public Windows withProbes(Duration first, Duration longest) {
        return new Windows(sendSegments, receiveSegments, peerSegments, first, longest, avoidSilly);
    }

    public Windows withAvoidSilly(boolean chosen) {
        return new Windows(sendSegments, receiveSegments, peerSegments, probeFirst, probeLongest, chosen);
    }
}
