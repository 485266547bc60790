package io.fairlead.it.planted.transport.testkit;

import io.fairlead.it.planted.transport.tcp.SeesKcp;

/** Breaks: the kit sees no provider. */
record SeesTcp(SeesKcp other) {}
