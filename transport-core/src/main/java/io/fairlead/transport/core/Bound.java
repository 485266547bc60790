package io.fairlead.transport.core;

/** What holds a sender back; the name of the limit is in the error and a tag of the meter. */
enum Bound {
    OPERATIONS("maxOperationsInFlight"),
    BYTES("maxBytesInFlight"),
    CREDITS("messageCredits"),
    CREDIT_BYTES("messageCreditBytes"),
    /** Others wait already, and are not to be overtaken; or too many do. */
    WAITING("maxWaitingOperations");

    final String limit;

    Bound(String limit) {
        this.limit = limit;
    }
}
