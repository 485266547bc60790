package io.fairlead.it.planted.transport.core;

import com.google.inject.AbstractModule;
import com.google.inject.Injector;

/** Keeps all rules: the one class below the store that may know Guice. */
public final class TransportModule extends AbstractModule {
    /** Nested, and so part of it. */
    record Key(Injector injector) {}
}
