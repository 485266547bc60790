package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Limits;

/** What a refusal means, for people. */
final class Refusals {
    private Refusals() {}

    static String why(ErrorCode code, EngineConnection connection) {
        Limits limits = connection.transport().config().limits();
        return switch (code) {
            case BACK_PRESSURED -> {
                Bound bound = connection.lastBound();
                yield "limit " + bound.limit + " of " + value(bound, connection, limits) + " is reached";
            }
            case CLOSED -> "the connection is " + connection.state();
            case OUT_OF_BOUNDS -> "the range is not inside the region or the grant";
            case NO_RIGHT -> "the descriptor does not carry the right";
            case DESCRIPTOR_EXPIRED -> "the descriptor has expired";
            case STALE_DESCRIPTOR -> "the descriptor is of another incarnation or of another peer";
            case REGION_CLOSED -> "the local region is closed or of another transport";
            case TOO_LARGE ->
                "larger than maxOperationBytes " + limits.maxOperationBytes() + " or the peer's maxMessageBytes "
                        + connection.peer().maxMessageBytes();
            case MISALIGNED -> "atomics need an offset that is a multiple of 8";
            default -> "see the code";
        };
    }

    private static String value(Bound bound, EngineConnection connection, Limits limits) {
        return switch (bound) {
            case OPERATIONS -> Integer.toString(connection.peer().maxOperationsInFlight());
            case BYTES -> Long.toString(limits.maxBytesInFlight());
            case CREDITS, CREDIT_BYTES -> "the peer";
            case WAITING -> Integer.toString(limits.maxWaitingOperations());
        };
    }
}
