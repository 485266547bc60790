package io.fairlead.it.planted.store;

import io.fairlead.it.planted.transport.core.LooksUp;

/** Breaks: of the core, the store sees only who selects. */
record SeesCore(LooksUp inner) {}
