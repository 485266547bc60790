package io.fairlead.transport;

import org.jspecify.annotations.Nullable;

/** The one failure of the SPI. Its message names the endpoint, and the limit and the value where there is one. */
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public TransportException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public TransportException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
