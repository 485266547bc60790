package io.fairlead.store;

import org.jspecify.annotations.Nullable;

/** The one failure of the store. Its message names the node or file, and the limit and the value where there is one. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final StoreError error;

    public StoreException(StoreError error, String message) {
        this(error, message, null);
    }

    public StoreException(StoreError error, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public StoreError error() {
        return error;
    }
}
