package io.fairlead.transport.core;

import java.util.Locale;

/** What an operation is; the name in lower case is its tag on the meters. */
enum OperationKind {
    WRITE(true, false),
    WRITE_NOTIFY(true, true),
    READ(true, false),
    COMPARE_AND_SWAP(true, false),
    FETCH_AND_ADD(true, false),
    SEND(false, true),
    REQUEST(false, true),
    REPLY(false, false),
    DATAGRAM(false, false),
    FENCE(false, false);

    static final OperationKind[] ALL = values();

    /** Touches memory of the peer. */
    final boolean oneSided;

    /** Takes a credit of the peer. Replies take none: a requester has room for the replies it asked for. */
    final boolean takesCredit;

    OperationKind(boolean oneSided, boolean takesCredit) {
        this.oneSided = oneSided;
        this.takesCredit = takesCredit;
    }

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
