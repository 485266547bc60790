package io.fairlead.transport.core;

import io.fairlead.transport.TransportException;

/** An operation that waits for room. */
interface Waiter {
    OperationKind kind();

    long deadlineNs();

    /** Tries to be let in. @return an operation's number, or a refusal; {@code BACK_PRESSURED} keeps it waiting */
    long attempt();

    /** It will not be let in. Called without any lock. */
    void fail(TransportException why);

    /** Another refusal than back-pressure ended it. Called without any lock. */
    void refused(long refusal);
}
