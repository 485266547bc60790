package io.fairlead.it.planted.transport.tcp;

import io.fairlead.it.planted.transport.kcp.SeesRdma;

/** Breaks: no provider sees another. */
public record SeesKcp(SeesRdma other) {}
