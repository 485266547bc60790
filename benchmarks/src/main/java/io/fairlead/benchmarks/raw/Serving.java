package io.fairlead.benchmarks.raw;

import java.io.IOException;

/** The server's part of one kind of work on one connection; an instance serves one connection. */
interface Serving {
    /** Serves until the peer leaves or the wire is closed, which ends it with an exception. */
    void serve(Wire wire) throws IOException;
}
