package io.fairlead.it.planted.transport.rdma;

import io.fairlead.it.planted.transport.tcp.SeesKcp;

/** Breaks: no provider sees another; closes the cycle of packages. */
public record SeesTcp(SeesKcp other) {}
