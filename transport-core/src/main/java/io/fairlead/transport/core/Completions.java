package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ends of this side's operations. A caller hears once that an operation has ended, and once that its buffer is free; the
 * slot is given back when besides nothing is awaited from the peer. For the loop only.
 */
final class Completions {
    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private final Engine engine;
    private final OperationTable table;
    private final WaitingRoom waiting;
    private final TransportMetrics metrics;

    /** Operations in frames that have not ended. */
    private int underWay;

    Completions(Engine engine, OperationTable table, WaitingRoom waiting, TransportMetrics metrics) {
        this.engine = engine;
        this.table = table;
        this.waiting = waiting;
        this.metrics = metrics;
    }

    /** The first frame of an operation is about to be made. */
    void started() {
        underWay++;
    }

    boolean allStartedEnded() {
        return underWay == 0;
    }

    private void oneEnded() {
        if (--underWay == 0) {
            engine.noneUnderWay();
        }
    }

    /** Ends an operation, if it has not ended: with a value, or with a failure. */
    void end(OperationSlot slot, @Nullable TransportException failure, long value) {
        if (slot.ended) {
            return;
        }
        slot.ended = true;
        if (slot.started) {
            oneEnded();
        }
        if (slot.kind == OperationKind.READ) {
            engine.abandon(slot);
        }
        metrics.ended(slot.kind, failure == null ? null : failure.code(), Math.max(0, tookNs(slot)));
        if (failure == null && slot.kind.sendsPayload) {
            metrics.bytesOut(slot.kind, slot.length);
        }
        try {
            if (slot.replyHandler != null) {
                slot.replyHandler.replied(slot.context, null, failure);
            } else if (slot.completion != null) {
                slot.completion.completed(slot.context, failure, value);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the completion of a {} over {} failed", slot.kind.tag(), engine.describe(), e);
        }
        releaseIfIdle(slot);
    }

    /** Ends a request with its reply. */
    void endRequest(OperationSlot slot, ReceivedMessage reply) {
        slot.ended = true;
        oneEnded();
        metrics.ended(slot.kind, null, tookNs(slot));
        metrics.bytesOut(slot.kind, slot.length);
        try {
            Objects.requireNonNull(slot.replyHandler).replied(slot.context, reply, null);
        } catch (RuntimeException | Error e) {
            LOG.error("the reply handler of a request over {} failed", engine.describe(), e);
        }
        releaseIfIdle(slot);
    }

    private long tookNs(OperationSlot slot) {
        return engine.wire().loop().nowNs() - slot.startNs;
    }

    /** Ends an operation that nobody waits for any more; {@code unsent} says why, if it is known to have had no effect. */
    void giveUp(OperationSlot slot, ErrorCode unsent, String why) {
        boolean mayHaveHappened = slot.started && slot.kind != OperationKind.READ;
        end(slot, failure(mayHaveHappened ? ErrorCode.OUTCOME_UNKNOWN : unsent, slot, why), 0);
    }

    /** The connection has ended: so has the operation, and the peer owes nothing any more. */
    void endWith(TransportException cause, OperationSlot slot, boolean refused) {
        if (!slot.ended) {
            end(slot, refused ? cause : lost(slot, cause), 0);
        }
        slot.sent = true;
        releaseIfIdle(slot);
        slot.awaited = false;
        slot.queued = false;
        giveBack(slot);
    }

    private TransportException lost(OperationSlot slot, TransportException cause) {
        ErrorCode code = slot.started ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.CLOSED;
        return new TransportException(code, of(slot) + ": the connection ended (" + cause.getMessage() + ")");
    }

    private TransportException failure(ErrorCode code, OperationSlot slot, String why) {
        return new TransportException(code, of(slot) + ": " + why);
    }

    private String of(OperationSlot slot) {
        return engine.describe() + ": " + slot.kind.tag() + " of " + slot.length + " bytes";
    }

    /** Tells the caller that its buffer is free, if the operation has ended and no frame will use it. */
    void releaseIfIdle(OperationSlot slot) {
        boolean sourceIdle = !slot.started || (slot.viewsOut == 0 && (slot.sent || slot.kind == OperationKind.READ));
        if (!slot.ended || slot.released || !sourceIdle) {
            return;
        }
        slot.released = true;
        if (slot.region != null) {
            slot.region.leave();
        }
        if (slot.lease != null) {
            slot.lease.close();
        }
        try {
            if (slot.replyHandler != null) {
                slot.replyHandler.released(slot.context);
            } else if (slot.completion != null) {
                slot.completion.released(slot.context);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the completion of a {} over {} failed on release", slot.kind.tag(), engine.describe(), e);
        }
    }

    /** Gives the slot back, if nothing of its operation is left. */
    void giveBack(OperationSlot slot) {
        if (slot.live && slot.ended && slot.released && !slot.awaited && !slot.queued) {
            table.give(slot);
            if (!waiting.isEmpty()) {
                engine.wire().wantOutput();
            }
            engine.lifecycle().progressed();
        }
    }
}
