package io.fairlead.transport.rdma.verbs;

/** In the order of {@code enum ibv_qp_state}. */
public enum QueuePairState {
    RESET,
    INIT,
    READY_TO_RECEIVE,
    READY_TO_SEND,
    SEND_QUEUE_DRAINING,
    SEND_QUEUE_ERROR,
    ERROR,
    UNKNOWN;

    private static final QueuePairState[] BY_NUMBER = values();

    static QueuePairState of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }
}
