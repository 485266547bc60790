package io.fairlead.transport.rdma.verbs;

/**
 * How a request ended, in the order of {@code enum ibv_wc_status}. Devices differ in the exact code of one failure, so
 * decide by class of error only: success, flushed, or another.
 */
public enum CompletionStatus {
    SUCCESS,
    LOCAL_LENGTH_ERROR,
    LOCAL_QP_OPERATION_ERROR,
    LOCAL_EEC_OPERATION_ERROR,
    LOCAL_PROTECTION_ERROR,
    /** The queue pair was in its error state: the request may or may not have taken effect. */
    FLUSHED,
    MEMORY_WINDOW_BIND_ERROR,
    BAD_RESPONSE,
    LOCAL_ACCESS_ERROR,
    REMOTE_INVALID_REQUEST,
    /** Wrong key, bounds or rights at the peer; both ends of the connection are in error now. */
    REMOTE_ACCESS_ERROR,
    REMOTE_OPERATION_ERROR,
    /** No acknowledgement came. */
    RETRIES_EXCEEDED,
    /** The peer had no receive posted for too long. */
    RNR_RETRIES_EXCEEDED,
    LOCAL_RDD_VIOLATION,
    REMOTE_INVALID_RD_REQUEST,
    REMOTE_ABORTED,
    INVALID_EEC_NUMBER,
    INVALID_EEC_STATE,
    FATAL,
    RESPONSE_TIMEOUT,
    GENERAL_ERROR,
    /** A code that came after this list was written. */
    UNKNOWN;

    private static final CompletionStatus[] BY_NUMBER = values();

    /** The constant of a number in {@link CompletionArray#status}; allocates nothing. */
    public static CompletionStatus of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }
}
