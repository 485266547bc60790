package io.fairlead.transport;

/**
 * Why an operation, a connection or a call failed. The number is what the wire and the negative results of the
 * {@code try…} forms carry; it never changes.
 */
public enum ErrorCode {
    /** A bound on operations, bytes or credits is reached. Try again when something completed. */
    BACK_PRESSURED(1, Effect.NONE, true),
    /** The connection or transport is draining or closed; the operation was never sent. */
    CLOSED(2, Effect.NONE, true),
    /** The range is not inside the region or the grant, or overflows. Nothing was sent; the connection stays up. */
    OUT_OF_BOUNDS(3, Effect.NONE, false),
    /** The descriptor does not carry the right that the operation needs. Nothing was sent. */
    NO_RIGHT(4, Effect.NONE, false),
    /** The descriptor's time is over. Nothing was sent; ask the peer for a new one. */
    DESCRIPTOR_EXPIRED(5, Effect.NONE, true),
    /** The descriptor is of another incarnation of the peer, or of another peer. Nothing was sent. */
    STALE_DESCRIPTOR(6, Effect.NONE, true),
    /** The local region is closed or of another transport. Nothing was sent. */
    REGION_CLOSED(7, Effect.NONE, false),
    /** A message, frame or operation is larger than the agreed limit. Nothing was sent. */
    TOO_LARGE(8, Effect.NONE, false),
    /** An atomic whose word is not aligned to 8 bytes. Nothing was sent. */
    MISALIGNED(9, Effect.NONE, false),
    /** The target refused: unknown, forged, revoked or stale. No byte changed there; the connection is closed. */
    REMOTE_ACCESS(10, Effect.NONE, false),
    /** The deadline passed before the operation was put on the wire, or it was a read, which changes nothing at the peer. */
    DEADLINE_EXCEEDED(11, Effect.NONE, true),
    /** Cancelled before the operation was put on the wire, or it was a read, which changes nothing at the peer. */
    CANCELLED(12, Effect.NONE, false),
    /** It was on the wire when its deadline passed, it was cancelled, or its connection died: it may have happened. */
    OUTCOME_UNKNOWN(13, Effect.UNKNOWN, false),
    /** Nothing was heard from the peer within the keep-alive bound, or the peer's process is gone. */
    PEER_DEAD(14, Effect.UNKNOWN, true),
    /** Connecting failed: refused, unreachable, unresolved, or too slow. */
    CONNECT_FAILED(15, Effect.NONE, true),
    /** The handshake was refused or not understood: version, flags, security mode, limits. */
    HANDSHAKE_REFUSED(16, Effect.NONE, false),
    /** The peer broke the protocol; the connection is closed. */
    PROTOCOL_VIOLATION(17, Effect.UNKNOWN, false),
    /** The security mode cannot be honoured. */
    SECURITY(18, Effect.NONE, false),
    /** The peer's handler answered a request with a failure. */
    REQUEST_FAILED(19, Effect.UNKNOWN, false),
    /** Binding the address failed. */
    BIND_FAILED(20, Effect.NONE, false),
    /** A bound on memory, regions, connections or file descriptors is reached. */
    RESOURCE_EXHAUSTED(21, Effect.NONE, true),
    /** The provider is unknown, or not available on this machine. */
    UNAVAILABLE(22, Effect.NONE, false),
    /** A bug in the provider or a failure of the machine below it. */
    INTERNAL(23, Effect.UNKNOWN, false);

    /** What is known of the effect at the target when an operation ends with this code. */
    public enum Effect {
        /** It is known not to have happened. */
        NONE,
        /** It may have happened, or part of it. */
        UNKNOWN
    }

    private static final ErrorCode[] BY_NUMBER = new ErrorCode[24];

    static {
        for (ErrorCode code : values()) {
            BY_NUMBER[code.number] = code;
        }
    }

    private final int number;
    private final Effect effect;
    private final boolean retryable;

    ErrorCode(int number, Effect effect, boolean retryable) {
        this.number = number;
        this.effect = effect;
        this.retryable = retryable;
    }

    /** The number on the wire, 1 to 65535. */
    public int number() {
        return number;
    }

    public Effect effect() {
        return effect;
    }

    /** Whether the same call may succeed later, perhaps on a new connection or with a new descriptor. */
    public boolean retryable() {
        return retryable;
    }

    /** The negative result by which a {@code try…} form says this code. */
    public long refusal() {
        return -number;
    }

    /** The code behind a negative result of a {@code try…} form. */
    public static ErrorCode ofRefusal(long result) {
        if (result >= 0) {
            throw new IllegalArgumentException(result + " is an operation, not a refusal");
        }
        return ofNumber((int) Math.min(-result, Integer.MAX_VALUE));
    }

    /** The code of a number from the wire; {@link #INTERNAL} for one that this version does not know. */
    public static ErrorCode ofNumber(int number) {
        return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : INTERNAL;
    }
}
