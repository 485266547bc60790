package io.fairlead.it.planted.transport.kcp;

import io.fairlead.it.planted.transport.rdma.SeesTcp;

/** Breaks: no provider sees another. */
public record SeesRdma(SeesTcp other) {}
