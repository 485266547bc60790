package io.fairlead.it.planted.transport.kcp.protocol;

import io.fairlead.it.planted.transport.rdma.SeesTcp;

/** Breaks: the protocol of KCP knows nothing but the JDK. */
public record SeesProvider(SeesTcp other) {}
