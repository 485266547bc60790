package io.fairlead.transport.kcp.protocol;

import java.time.Duration;

/**
 * When a segment counts as lost, and what is sent then. The rules of {@link Rules#TIMED} may be combined.
 *
 * @param rules ours, or those of another implementation, for comparison and for peers tuned to them
 * @param fastSkips acknowledged transmissions after a segment's own that make it lost; 0 for never
 * @param fastLimit most fast retransmissions of one segment, after which only its timeout counts; 0 for any number
 * @param timeBased a segment is lost if one sent later was acknowledged and the reordering window has passed (the idea of RACK,
 *     RFC 8985). The window follows the reordering that was seen, up to half a round trip
 * @param reorderFloor least reordering window
 * @param tailProbe send the last segment again after the round trip and a margin without an acknowledgement (RFC 8985, 7);
 *     of use where the least timeout is long
 * @param undo an acknowledgement that echoes an earlier transmission proves the later one spurious (the idea of Eifel, RFC 3522):
 *     take back the backoff and the loss response, and widen the reordering window
 * @param copies datagrams for the first retransmission of a segment, and one more each time that one was lost, which is what a long
 *     tail consists of; with 2, already the loss of the first is rare, at the cost of the loss rate in bytes
 * @param copyDelay from a retransmission to its copy, so that one burst of losses does not take both
 * @param copyInFlight most segments in flight with which more than one is sent: bulk has no use for that; 0 for never
 */
public record LossRecovery(
        Rules rules,
        int fastSkips,
        int fastLimit,
        boolean timeBased,
        Duration reorderFloor,
        boolean tailProbe,
        boolean undo,
        int copies,
        Duration copyDelay,
        int copyInFlight) {

    /** Whose rules say which segments are lost. */
    public enum Rules {
        /** Ours: by the order of transmission, at a cost per acknowledgement that does not depend on the window. */
        TIMED,
        /** ikcp 1.7: the highest number acknowledged in a datagram skips all outstanding ones before it. */
        IKCP,
        /** ikcp with FASTACK_CONSERVE, default since 1.7.1: only acknowledgements of later stamps count. */
        IKCP_CONSERVE,
        /** kcp-go 5.6: each acknowledgement counts, one fast retransmission for each timeout, early retransmission. */
        KCP_GO;

        boolean isLegacy() {
            return this != TIMED;
        }
    }

    /** Those of ikcp with its fast retransmission after so many skips. */
    public static LossRecovery legacy(Rules rules, int fastSkips) {
        int limit = rules == Rules.KCP_GO ? 0 : 5;
        return new LossRecovery(
                rules, fastSkips, limit, false, Duration.ofMillis(1), false, false, 1, Duration.ZERO, 0);
    }

    public LossRecovery {
        new Faults("loss recovery")
                .range("fastSkips", fastSkips, 0, 16)
                .range("fastLimit", fastLimit, 0, 1000)
                .range("reorderFloor", reorderFloor, Duration.ZERO, Duration.ofSeconds(1))
                .range("copies", copies, 1, 4)
                .range("copyDelay", copyDelay, Duration.ZERO, Duration.ofSeconds(1))
                .range("copyInFlight", copyInFlight, 0, Windows.MOST_SEGMENTS)
                .report();
    }

    public LossRecovery withFast(int skips, int limit) {
        return new LossRecovery(
                rules, skips, limit, timeBased, reorderFloor, tailProbe, undo, copies, copyDelay, copyInFlight);
    }

    public LossRecovery withTimeBased(boolean chosen, Duration floor) {
        return new LossRecovery(
                rules, fastSkips, fastLimit, chosen, floor, tailProbe, undo, copies, copyDelay, copyInFlight);
    }

    public LossRecovery withTailProbe(boolean chosen) {
        return new LossRecovery(
                rules, fastSkips, fastLimit, timeBased, reorderFloor, chosen, undo, copies, copyDelay, copyInFlight);
    }

    public LossRecovery withUndo(boolean chosen) {
        return new LossRecovery(
                rules,
                fastSkips,
                fastLimit,
                timeBased,
                reorderFloor,
                tailProbe,
                chosen,
                copies,
                copyDelay,
                copyInFlight);
    }

    public LossRecovery withCopies(int datagrams, Duration delay, int inFlight) {
        return new LossRecovery(
                rules, fastSkips, fastLimit, timeBased, reorderFloor, tailProbe, undo, datagrams, delay, inFlight);
    }
}
