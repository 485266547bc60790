package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;

/** Who is bound to an address. */
@FunctionalInterface
interface StreamAcceptor {
    /** Takes the server's side of a new stream. Any thread. */
    void accept(MemoryLink link, Endpoint from);
}
