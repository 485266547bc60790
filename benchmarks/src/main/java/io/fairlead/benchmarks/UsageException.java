package io.fairlead.benchmarks;

/** What the user typed cannot be done; the message says why and is all that is printed. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}
