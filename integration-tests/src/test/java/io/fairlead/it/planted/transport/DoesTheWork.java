package io.fairlead.it.planted.transport;

/** Breaks: the API holds no implementation. */
final class DoesTheWork {}
