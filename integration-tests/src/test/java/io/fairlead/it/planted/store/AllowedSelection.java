package io.fairlead.it.planted.store;

import com.google.inject.Injector;
import io.fairlead.it.planted.transport.AllowedPromises;
import io.fairlead.it.planted.transport.core.TransportModule;

/** Keeps all rules: what the store may see. */
record AllowedSelection(AllowedPromises api, TransportModule selection, Injector injector) {}
