package io.fairlead.transport.rdma.verbs;

import java.io.IOException;

/** RDMA cannot be used here. */
public final class RdmaUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Availability availability;

    RdmaUnavailableException(Availability availability) {
        super(availability.reason() + ": " + availability.detail());
        this.availability = availability;
    }

    public Availability availability() {
        return availability;
    }
}
