package io.fairlead.it.planted.stray;

/** Breaks: every class has its place. */
public final class Homeless {}
