package io.fairlead.transport.kcp.protocol;

/** What became of a datagram. Segments before the one at fault have had their effect, as with every implementation. */
public enum InputResult {
    OK,
    /** Shorter than a segment header: -1 of ikcp. */
    TOO_SHORT,
    /** Of another conversation: -1 of ikcp. */
    FOREIGN,
    /** A segment says that it is longer than the rest of the datagram: -2 of ikcp. */
    BAD_LENGTH,
    /** -3 of ikcp. */
    UNKNOWN_COMMAND,
    /** The engine is not open. */
    CLOSED
}
