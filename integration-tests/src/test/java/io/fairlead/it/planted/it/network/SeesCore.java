package io.fairlead.it.planted.it.network;

import io.fairlead.it.planted.transport.core.LooksUp;

/** Breaks: the network emulator knows nothing of what runs over it. */
record SeesCore(LooksUp inner) {}
