package io.fairlead.transport.core;

import io.fairlead.transport.Timeouts;
import org.jspecify.annotations.Nullable;

/**
 * Whether the peer lives. It is dead if nothing came for the keep-alive time, or if bytes wait for the network and none moved for
 * as long: answers to pings do not hide a stuck stream. For the loop only.
 */
final class KeepAlive {
    private static final long NEVER = OperationTable.NEVER;

    private final Timeouts timeouts;
    private final long intervalNs;
    private final long timeoutNs;
    private long heardNs;
    private long pingedNs;
    private long outputMovedNs = NEVER;

    KeepAlive(Timeouts timeouts) {
        this.timeouts = timeouts;
        this.intervalNs = timeouts.keepAliveInterval().toNanos();
        this.timeoutNs = timeouts.keepAliveTimeout().toNanos();
    }

    /** Something came. */
    void heard(long nowNs) {
        heardNs = nowNs;
    }

    /** Bytes wait for the network, and the last of them moved now. */
    void outputMoved(long nowNs) {
        outputMovedNs = nowNs;
    }

    /** No bytes wait for the network. */
    void flushed() {
        outputMovedNs = NEVER;
    }

    /** When there is something to say or to ask; {@code framed}: the peer can be asked. */
    long dueNs(boolean framed) {
        long due = outputMovedNs == NEVER ? NEVER : outputMovedNs + timeoutNs;
        if (framed) {
            due = Engine.earlier(due, heardNs + timeoutNs);
            due = Engine.earlier(due, (pingedNs - heardNs > 0 ? pingedNs : heardNs) + intervalNs);
        }
        return due;
    }

    /** What shows that the peer is dead, or null. */
    @Nullable
    String deadBecause(long nowNs, boolean framed) {
        if (outputMovedNs != NEVER && nowNs - outputMovedNs >= timeoutNs) {
            return "bytes wait for the network and none moved for keepAliveTimeout " + timeouts.keepAliveTimeout();
        }
        return framed && nowNs - heardNs >= timeoutNs
                ? "nothing came for keepAliveTimeout " + timeouts.keepAliveTimeout()
                : null;
    }

    /** Whether the peer is to be asked now; if so, it counts as asked. */
    boolean ping(long nowNs) {
        if (nowNs - heardNs < intervalNs || nowNs - pingedNs < intervalNs) {
            return false;
        }
        pingedNs = nowNs;
        return true;
    }
}
