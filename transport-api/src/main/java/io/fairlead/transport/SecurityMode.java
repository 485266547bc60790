package io.fairlead.transport;

/** One setting for all providers. A provider that cannot honour it refuses to start. */
public enum SecurityMode {
    /** Neither authentication nor encryption: for trusted networks only. */
    NONE,
    /** Both sides prove who they are and every byte is encrypted. No provider offers it yet. */
    ENCRYPTED
}
