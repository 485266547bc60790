package io.fairlead.transport.rdma;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.rdma.verbs.AsyncEventType;
import io.fairlead.transport.rdma.verbs.CompletionStatus;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection ends, as far as a completion or its device tells. Devices differ in the exact status of one failure, so these speak of
 * classes of them. Pure.
 *
 * @param code what the application hears, or null where the wire is broken: what that means, the engine knows
 */
record WireFault(@Nullable ErrorCode code, String why) {
    /** All that was posted came back, and nothing says for what reason. */
    static final WireFault FLUSHED =
            new WireFault(null, "the queue pair is in error: the peer left, or was refused access here");

    /** The queue pair went into error by itself: so does a responder end a connection. */
    static final WireFault BY_RESPONDER = new WireFault(
            ErrorCode.REMOTE_ACCESS,
            "the peer was refused access to memory here, or asked for what this device cannot do");

    /** Of a receive: all that a peer can do to one but use it. */
    static WireFault ofReceive(int status, int slotBytes) {
        CompletionStatus why = CompletionStatus.of(status);
        return switch (why) {
            case FLUSHED -> FLUSHED;
            case REMOTE_ACCESS_ERROR, LOCAL_ACCESS_ERROR -> refused(why);
            default ->
                new WireFault(
                        ErrorCode.PROTOCOL_VIOLATION,
                        "the peer broke the protocol: a request that does not fit a receive of " + slotBytes
                                + " bytes (" + why + ")");
        };
    }

    /** Of a request of this side's. */
    static WireFault ofRequest(int status, int retries) {
        CompletionStatus why = CompletionStatus.of(status);
        return switch (why) {
            case FLUSHED -> FLUSHED;
            case RETRIES_EXCEEDED -> new WireFault(null, "no acknowledgement after " + retries + " retries");
            case REMOTE_INVALID_REQUEST, REMOTE_OPERATION_ERROR -> // which, depends on the device
                new WireFault(
                        null,
                        "the peer cannot take a request: its receive is smaller than its terms say, or its device does"
                                + " not know the operation");
            default -> new WireFault(null, "a request failed: " + why);
        };
    }

    /** Of an event of the device that concerns the queue pair. */
    static WireFault ofEvent(AsyncEventType event) {
        return switch (event) {
            case QP_ACCESS_ERROR -> refused(event);
            case QP_REQUEST_ERROR ->
                new WireFault(
                        ErrorCode.PROTOCOL_VIOLATION, "the peer asked for what this device cannot do (" + event + ")");
            default -> ofDevice("the device says of its queue pair: " + event);
        };
    }

    /** What carries the connection has failed here, through no fault of the peer. */
    static WireFault ofDevice(String why) {
        return new WireFault(ErrorCode.INTERNAL, why);
    }

    private static WireFault refused(Enum<?> how) {
        return new WireFault(ErrorCode.REMOTE_ACCESS, "the peer was refused access to memory here (" + how + ")");
    }
}
