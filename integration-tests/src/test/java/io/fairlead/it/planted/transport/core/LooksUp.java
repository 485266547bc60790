package io.fairlead.it.planted.transport.core;

import io.fairlead.it.planted.transport.tcp.SeesKcp;

/** Breaks: the core sees the API only. */
public record LooksUp(SeesKcp provider) {}
