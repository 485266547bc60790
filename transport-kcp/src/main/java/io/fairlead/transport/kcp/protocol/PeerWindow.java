package io.fairlead.transport.kcp.protocol;

/**
 * How far the peer lets us send, as its newest segment says, and the questions while that is nowhere. The cumulative
 * acknowledgement tells which segment is newer; at the same one, an honest window only opens.
 */
final class PeerWindow {
    private final long firstNs;
    private final long longestNs;
    private int acknowledged;
    private int segments;
    private int largest;
    private boolean heard;
    private long pauseNs;
    private long askNs = Recovery.NEVER;

    PeerWindow(Windows config, int firstNumber) {
        firstNs = config.probeFirst().toNanos();
        longestNs = config.probeLongest().toNanos();
        acknowledged = firstNumber;
        segments = config.peerSegments();
        largest = segments;
    }

    void told(int una, int window) {
        if (Serial.after(una, acknowledged)) {
            acknowledged = una;
            segments = window;
        } else if (una == acknowledged) {
            // The first word counts even if it is less than what was assumed.
            segments = heard ? Math.max(segments, window) : window;
        }
        heard = true;
        largest = Math.max(largest, window);
    }

    int segments() {
        return segments;
    }

    /** The largest that it ever told: no message of more segments will ever fit. */
    int largest() {
        return largest;
    }

    /** The first number that may not be sent. */
    int edge() {
        return acknowledged + segments;
    }

    /** Whether to ask now; the caller does. @param blocked nothing is in flight and nothing may be sent, although something is queued */
    boolean ask(boolean blocked, long rtoNs, long nowNs) {
        if (!blocked) {
            askNs = Recovery.NEVER;
            return false;
        }
        if (askNs == Recovery.NEVER) {
            pauseNs = Math.max(rtoNs, firstNs);
            askNs = nowNs + pauseNs;
            return false;
        }
        if (nowNs < askNs) {
            return false;
        }
        pauseNs = Math.min(longestNs, 2 * pauseNs);
        askNs = nowNs + pauseNs;
        return true;
    }

    long deadlineNs() {
        return askNs;
    }
}
