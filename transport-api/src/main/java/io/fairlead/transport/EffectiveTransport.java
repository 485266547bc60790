package io.fairlead.transport;

/**
 * Which provider runs, and why that one.
 *
 * @param name as the provider calls itself: tcp, kcp, rdma
 * @param reason one sentence, such as "required by configuration" or "preferred rdma is unavailable: no device"
 */
public record EffectiveTransport(String name, String reason) {}
