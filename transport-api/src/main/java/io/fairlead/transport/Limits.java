package io.fairlead.transport;

import java.util.ArrayList;
import java.util.List;

/**
 * Every bound of a transport. The handshake tells the peer those that bind it.
 *
 * @param maxOperationsInFlight per connection and direction; more are back-pressured. 1024 covers a round trip of 1 ms at
 *     a million operations a second
 * @param maxBytesInFlight payload under way per connection and direction; one larger operation may go alone
 * @param maxWaitingOperations per connection, of the future forms that wait for room
 * @param maxMessageBytes the largest message taken; 16 MiB covers what Raft libraries send
 * @param maxOperationBytes the largest write or read; split into frames below
 * @param maxFrameBytes the largest payload of a frame: what control frames may have to wait behind
 * @param messageCredits messages a peer may have sent that no handler has finished
 * @param messageCreditBytes their bytes; bounds the memory that a slow handler costs. At least maxMessageBytes; twice that
 *     lets a sender go on while credits are on their way back
 * @param maxConnections of the transport
 * @param maxHandshakes half-open peers of a listener; the oldest makes room for the newest
 * @param maxRegions registered regions of the transport, slabs of the pool included
 * @param maxGrants of all regions together
 * @param poolBytes bound of the registered-buffer pool
 */
public record Limits(
        int maxOperationsInFlight,
        long maxBytesInFlight,
        int maxWaitingOperations,
        int maxMessageBytes,
        long maxOperationBytes,
        int maxFrameBytes,
        int messageCredits,
        long messageCreditBytes,
        int maxConnections,
        int maxHandshakes,
        int maxRegions,
        int maxGrants,
        long poolBytes) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public static final Limits DEFAULT = new Limits(
            1024,
            64L * MIB,
            1024,
            16 * MIB,
            1024L * MIB,
            MIB,
            256,
            32L * MIB,
            10_000,
            1024,
            16_384,
            65_536,
            256L * MIB);

    public Limits {
        List<String> faults = new ArrayList<>();
        range(faults, "maxOperationsInFlight", maxOperationsInFlight, 1, 65_536);
        range(faults, "maxBytesInFlight", maxBytesInFlight, 1, Long.MAX_VALUE);
        range(faults, "maxWaitingOperations", maxWaitingOperations, 0, 1 << 20);
        range(faults, "maxMessageBytes", maxMessageBytes, 1, 1 << 30);
        range(faults, "maxOperationBytes", maxOperationBytes, 1, 1L << 40);
        range(faults, "maxFrameBytes", maxFrameBytes, 512, 1 << 28);
        range(faults, "messageCredits", messageCredits, 1, 65_536);
        range(faults, "messageCreditBytes", messageCreditBytes, maxMessageBytes, 1L << 31);
        range(faults, "maxConnections", maxConnections, 1, 1 << 20);
        range(faults, "maxHandshakes", maxHandshakes, 1, 1 << 20);
        range(faults, "maxRegions", maxRegions, 1, 1 << 24);
        range(faults, "maxGrants", maxGrants, 1, 1 << 24);
        range(faults, "poolBytes", poolBytes, MIB, Long.MAX_VALUE);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("limits: " + String.join("; ", faults));
        }
    }

    public Limits withOperationsInFlight(int operations) {
        return new Limits(
                operations,
                maxBytesInFlight,
                maxWaitingOperations,
                maxMessageBytes,
                maxOperationBytes,
                maxFrameBytes,
                messageCredits,
                messageCreditBytes,
                maxConnections,
                maxHandshakes,
                maxRegions,
                maxGrants,
                poolBytes);
    }

    public Limits withBytesInFlight(long bytes) {
        return new Limits(
                maxOperationsInFlight,
                bytes,
                maxWaitingOperations,
                maxMessageBytes,
                maxOperationBytes,
                maxFrameBytes,
                messageCredits,
                messageCreditBytes,
                maxConnections,
                maxHandshakes,
                maxRegions,
                maxGrants,
                poolBytes);
    }

    public Limits withWaitingOperations(int operations) {
        return new Limits(
                maxOperationsInFlight,
                maxBytesInFlight,
                operations,
                maxMessageBytes,
                maxOperationBytes,
                maxFrameBytes,
                messageCredits,
                messageCreditBytes,
                maxConnections,
                maxHandshakes,
                maxRegions,
                maxGrants,
                poolBytes);
    }

    /** The largest message, and the credits of a receiver. */
    public Limits withMessages(int maxBytes, int credits, long creditBytes) {
        return new Limits(
                maxOperationsInFlight,
                maxBytesInFlight,
                maxWaitingOperations,
                maxBytes,
                maxOperationBytes,
                maxFrameBytes,
                credits,
                creditBytes,
                maxConnections,
                maxHandshakes,
                maxRegions,
                maxGrants,
                poolBytes);
    }

    public Limits withFrameBytes(int bytes) {
        return new Limits(
                maxOperationsInFlight,
                maxBytesInFlight,
                maxWaitingOperations,
                maxMessageBytes,
                maxOperationBytes,
                bytes,
                messageCredits,
                messageCreditBytes,
                maxConnections,
                maxHandshakes,
                maxRegions,
                maxGrants,
                poolBytes);
    }

    public Limits withConnections(int connections, int handshakes) {
        return new Limits(
                maxOperationsInFlight,
                maxBytesInFlight,
                maxWaitingOperations,
                maxMessageBytes,
                maxOperationBytes,
                maxFrameBytes,
                messageCredits,
                messageCreditBytes,
                connections,
                handshakes,
                maxRegions,
                maxGrants,
                poolBytes);
    }

    public Limits withPoolBytes(long bytes) {
        return new Limits(
                maxOperationsInFlight,
                maxBytesInFlight,
                maxWaitingOperations,
                maxMessageBytes,
                maxOperationBytes,
                maxFrameBytes,
                messageCredits,
                messageCreditBytes,
                maxConnections,
                maxHandshakes,
                maxRegions,
                maxGrants,
                bytes);
    }

    private static void range(List<String> faults, String name, long value, long min, long max) {
        if (value < min || value > max) {
            faults.add(name + " is " + value + ", allowed " + min + ".." + max);
        }
    }
}
