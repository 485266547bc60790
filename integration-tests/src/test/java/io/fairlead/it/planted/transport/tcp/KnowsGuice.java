package io.fairlead.it.planted.transport.tcp;

import com.google.inject.Injector;

/** Breaks: only the core's TransportModule knows Guice. */
record KnowsGuice(Injector injector) {}
