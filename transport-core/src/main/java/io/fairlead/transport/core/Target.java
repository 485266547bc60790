package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.ResponseQueue.Response;

/** What this side has done for the peer's operations, and what it owes them. For the loop only. */
final class Target {
    private final Engine engine;
    private final ResponseQueue responses;
    private final OutputBatch batch;
    private final TransportMetrics metrics;

    Target(Engine engine, ResponseQueue responses, OutputBatch batch, TransportMetrics metrics) {
        this.engine = engine;
        this.responses = responses;
        this.batch = batch;
        this.metrics = metrics;
    }

    void placed(boolean notify, int bytes) {
        metrics.bytesIn(notify ? OperationKind.WRITE_NOTIFY : OperationKind.WRITE, bytes);
    }

    void answered(int bytes) {
        metrics.bytesOut(OperationKind.READ, bytes);
    }

    void delivered(int type, int bytes) {
        OperationKind kind = switch (type) {
            case FrameHeader.SEND -> OperationKind.SEND;
            case FrameHeader.REQUEST -> OperationKind.REQUEST;
            case FrameHeader.REPLY -> OperationKind.REPLY;
            default -> OperationKind.DATAGRAM;
        };
        metrics.bytesIn(kind, bytes);
    }

    /** A view of an answer's memory has left, or never will. */
    void viewSent(Response response) {
        response.viewsOut--;
        responses.removeSent();
    }

    /** A grant was revoked: if its memory is in use here, this connection ends, since the use cannot be undone otherwise. */
    void evict(RegionGrant grant, Inbound inbound) {
        Response answer = responses.using(grant);
        Placement placement = inbound.using(grant);
        if (answer != null && !batch.isEmpty()) {
            // Part of an answer is on its way and cannot be completed: the peer learns by the end of the stream.
            engine.abort(new TransportException(
                    ErrorCode.REMOTE_ACCESS, engine.describe() + ": revoked while the peer was reading"));
        } else if (answer != null) {
            int sequence = answer.sequence;
            responses.clear();
            engine.refuseAccess(sequence, "revoked before the read was answered");
        } else if (placement != null) {
            int sequence = placement.sequence;
            inbound.end();
            engine.refuseAccess(sequence, "revoked in the middle of the write");
        }
    }
}
