package io.fairlead.transport.kcp.protocol;

/** Whether an engine still works. It never works again once it does not. */
public enum KcpState {
    OPEN,
    /** A segment was sent again and again without an answer: {@link DeadLink}. */
    DEAD_LINK,
    /** The peer does not keep up: {@link SendQueue.WhenFull#DISCONNECT}. */
    SLOW_PEER,
    /** Closed by its owner. */
    CLOSED
}
