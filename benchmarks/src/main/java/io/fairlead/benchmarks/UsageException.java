package io.fairlead.benchmarks;

/** What the user typed cannot be done; the message says why and is all that is printed. */
public final class UsageException extends RuntimeException {
    public UsageException(String message) {
        super(message);
    }
}
