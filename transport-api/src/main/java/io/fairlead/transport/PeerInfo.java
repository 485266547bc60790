package io.fairlead.transport;

/**
 * What the handshake agreed and told.
 *
 * @param protocolVersion the version both sides speak
 * @param incarnation random, new at every start of the peer's transport
 * @param security what protects the connection
 * @param maxMessageBytes the largest message that the peer takes
 * @param maxOperationsInFlight the most operations that may be under way towards the peer
 */
public record PeerInfo(
        int protocolVersion, long incarnation, SecurityMode security, int maxMessageBytes, int maxOperationsInFlight) {}
