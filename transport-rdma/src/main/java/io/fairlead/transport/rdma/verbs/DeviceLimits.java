package io.fairlead.transport.rdma.verbs;

/**
 * What a device can do ({@code ibv_query_device(3)}). How much may travel inline is only known per queue pair.
 *
 * @param maxRegistrationBytes longest single registration
 * @param maxInitiatorDepth reads and atomics of ours in flight per queue pair
 * @param maxResponderResources reads and atomics of the peer in flight per queue pair
 * @param atomics whether there are 64-bit atomics, and how far they are atomic
 */
public record DeviceLimits(
        long maxRegistrationBytes,
        int maxRegistrations,
        int maxProtectionDomains,
        int maxQueuePairs,
        int maxQueuePairRequests,
        int maxSges,
        int maxCompletionQueues,
        int maxCompletionQueueDepth,
        int maxInitiatorDepth,
        int maxResponderResources,
        Atomics atomics) {
    public enum Atomics {
        NONE,
        /** Atomic against other operations through the same device. */
        DEVICE,
        /** Atomic against the processor's, too. */
        GLOBAL
    }

    /** Number of values in {@link #of}. */
    static final int COUNT = 11;

    static DeviceLimits of(long[] v) {
        return new DeviceLimits(
                v[0],
                (int) v[1],
                (int) v[2],
                (int) v[3],
                (int) v[4],
                (int) v[5],
                (int) v[6],
                (int) v[7],
                (int) v[8],
                (int) v[9],
                Atomics.values()[(int) v[10]]);
    }
}
