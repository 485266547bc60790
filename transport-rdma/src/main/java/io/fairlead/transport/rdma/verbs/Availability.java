package io.fairlead.transport.rdma.verbs;

/**
 * Whether RDMA can be used by this process, and if not, why.
 *
 * @param detail for people: which file or device is missing, and what the system said
 */
public record Availability(Reason reason, String detail) {
    public enum Reason {
        AVAILABLE,
        /** The jar holds no {@code libdisni.so} for this system, or it could not be extracted or loaded. */
        NO_NATIVE_LIBRARY,
        /** {@code librdmacm.so.1} or {@code libibverbs.so.1} is missing or broken: install rdma-core. */
        NO_RDMA_LIBRARY,
        /** No RDMA device, or the kernel lacks {@code rdma_ucm} or {@code ib_uverbs}. */
        NO_DEVICE,
        /** {@code /dev/infiniband} is there and may not be opened. */
        NO_PERMISSION,
        /** Not even one page could be locked: raise the limit RLIMIT_MEMLOCK ({@code ulimit -l}). */
        NO_LOCKED_MEMORY,
        /** A device is there and does not work; {@code detail} says how. */
        DEVICE_FAILED
    }

    public boolean isAvailable() {
        return reason == Reason.AVAILABLE;
    }
}
