package io.fairlead.transport.rdma.verbs;

import org.jspecify.annotations.Nullable;

/**
 * An event of an {@link EventChannel}. It was acknowledged before it was handed over, so nothing need be done with it.
 *
 * @param id whom it happened to; for {@code CONNECT_REQUEST} a new id, which now is the receiver's to accept or reject,
 *     and to close
 * @param listener on which id the request came, for {@code CONNECT_REQUEST} only
 * @param status 0, a negated error number, or for {@code REJECTED} the reason that the network gave: 28 for
 *     {@link ConnectionId#reject}, 8 where nobody listens
 * @param privateData what the peer sent, padded with zeros to what fits into the packet; empty if none
 * @param responderResources for {@code CONNECT_REQUEST} and {@code ESTABLISHED}: the largest initiator depth that suits
 * @param initiatorDepth likewise the largest number of responder resources that the peer will use
 */
public record CmEvent(
        CmEventType type,
        ConnectionId id,
        @Nullable ConnectionId listener,
        int status,
        byte[] privateData,
        int responderResources,
        int initiatorDepth) {}
