package io.fairlead.it.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link BadNetwork} is opened with.
 *
 * @param aToB conditions for packets from a to b
 * @param bToA conditions for packets from b to a
 * @param seed of all chances; with the same seed and conditions, the n-th packet of a direction meets the same fate
 * @param mtuBytes of both ends, 1280 (the least that IPv6 allows) to 9000
 * @param congestionControl of kernel TCP at both ends
 * @param atMost after this time the network ends by itself, so that none outlives its use; up to 24 hours
 */
public record NetworkConfig(
        LinkConditions aToB,
        LinkConditions bToA,
        long seed,
        int mtuBytes,
        CongestionControl congestionControl,
        Duration atMost) {
    private static final int MIN_MTU_BYTES = 1280;
    private static final int MAX_MTU_BYTES = 9000;
    private static final Duration MAX_TIME = Duration.ofHours(24);

    public NetworkConfig {
        List<String> faults = new ArrayList<>();
        if (mtuBytes < MIN_MTU_BYTES || mtuBytes > MAX_MTU_BYTES) {
            faults.add("mtuBytes must be " + MIN_MTU_BYTES + " to " + MAX_MTU_BYTES + ", not " + mtuBytes);
        }
        if (!atMost.isPositive() || atMost.compareTo(MAX_TIME) > 0) {
            faults.add("atMost must be more than 0 and at most " + MAX_TIME + ", not " + atMost);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("network: " + String.join("; ", faults));
        }
    }

    /** The same conditions both ways, an MTU of 1500 bytes, the kernel's TCP, and half an hour at most. */
    public static NetworkConfig of(LinkConditions both, long seed) {
        return new NetworkConfig(both, both, seed, 1500, CongestionControl.SYSTEM, Duration.ofMinutes(30));
    }

    public NetworkConfig withConditions(LinkConditions fromA, LinkConditions fromB) {
        return new NetworkConfig(fromA, fromB, seed, mtuBytes, congestionControl, atMost);
    }

    public NetworkConfig withSeed(long other) {
        return new NetworkConfig(aToB, bToA, other, mtuBytes, congestionControl, atMost);
    }

    public NetworkConfig withMtu(int bytes) {
        return new NetworkConfig(aToB, bToA, seed, bytes, congestionControl, atMost);
    }

    public NetworkConfig withCongestionControl(CongestionControl control) {
        return new NetworkConfig(aToB, bToA, seed, mtuBytes, control, atMost);
    }

    public NetworkConfig withTimeLimit(Duration limit) {
        return new NetworkConfig(aToB, bToA, seed, mtuBytes, congestionControl, limit);
    }
}
