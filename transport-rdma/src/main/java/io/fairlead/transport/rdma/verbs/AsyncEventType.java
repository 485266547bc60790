package io.fairlead.transport.rdma.verbs;

/** In the order of {@code enum ibv_event_type}. */
public enum AsyncEventType {
    /** The completion queue overran: completions are lost, and its queue pairs must be given up. */
    CQ_ERROR,
    QP_FATAL,
    QP_REQUEST_ERROR,
    QP_ACCESS_ERROR,
    /** The first packet came before the event {@code ESTABLISHED}. */
    COMMUNICATION_ESTABLISHED,
    SEND_QUEUE_DRAINED,
    PATH_MIGRATED,
    PATH_MIGRATION_ERROR,
    DEVICE_FATAL,
    PORT_ACTIVE,
    PORT_ERROR,
    LID_CHANGE,
    PKEY_CHANGE,
    SM_CHANGE,
    SRQ_ERROR,
    SRQ_LIMIT_REACHED,
    QP_LAST_WQE_REACHED,
    CLIENT_REREGISTER,
    GID_CHANGE,
    WQ_FATAL,
    UNKNOWN;

    private static final AsyncEventType[] BY_NUMBER = values();

    static AsyncEventType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }
}
