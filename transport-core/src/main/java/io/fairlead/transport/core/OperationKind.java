package io.fairlead.transport.core;

import java.util.Locale;

/** What an operation is; the name in lower case is its tag on the meters. */
enum OperationKind {
    WRITE(true, false, true),
    WRITE_NOTIFY(true, true, true),
    READ(true, false, false),
    COMPARE_AND_SWAP(true, false, false),
    FETCH_AND_ADD(true, false, false),
    SEND(false, true, true),
    REQUEST(false, true, true),
    REPLY(false, false, true),
    DATAGRAM(false, false, true),
    FENCE(false, false, false);

    static final OperationKind[] ALL = values();

    /** Touches memory of the peer. */
    final boolean oneSided;

    /** Takes a credit of the peer. Replies take none: a requester has room for the replies it asked for. */
    final boolean takesCredit;

    /** Its own bytes go to the peer. */
    final boolean sendsPayload;

    OperationKind(boolean oneSided, boolean takesCredit, boolean sendsPayload) {
        this.oneSided = oneSided;
        this.takesCredit = takesCredit;
        this.sendsPayload = sendsPayload;
    }

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
