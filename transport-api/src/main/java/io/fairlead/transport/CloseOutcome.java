package io.fairlead.transport;

/** How a close ended. */
public enum CloseOutcome {
    /** Everything accepted before was finished. */
    GRACEFUL,
    /** The time was over, or the peer was gone: what was left was failed. */
    FORCED
}
