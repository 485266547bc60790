package io.fairlead.transport.rdma.verbs;

/** What happened to a connection id, in the order of {@code enum rdma_cm_event_type}. */
public enum CmEventType {
    ADDRESS_RESOLVED,
    ADDRESS_ERROR,
    ROUTE_RESOLVED,
    ROUTE_ERROR,
    CONNECT_REQUEST,
    CONNECT_RESPONSE,
    CONNECT_ERROR,
    UNREACHABLE,
    REJECTED,
    ESTABLISHED,
    DISCONNECTED,
    DEVICE_REMOVAL,
    MULTICAST_JOIN,
    MULTICAST_ERROR,
    ADDRESS_CHANGE,
    TIMEWAIT_EXIT,
    /** Of a kernel newer than this list. */
    UNKNOWN;

    private static final CmEventType[] BY_NUMBER = values();

    static CmEventType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }
}
