package io.fairlead.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every time bound of a transport.
 *
 * @param operation deadline of an operation that names none
 * @param connect from the call of connect to an open connection
 * @param handshake what an accepted peer has to finish the handshake
 * @param keepAliveInterval silence after which a peer is asked for a sign of life
 * @param keepAliveTimeout silence after which a peer is dead; also how long bytes may wait for the network without
 *     any moving. Everything in flight fails within this and one interval
 * @param drain what {@code close()} without an argument gives
 */
public record Timeouts(
        Duration operation,
        Duration connect,
        Duration handshake,
        Duration keepAliveInterval,
        Duration keepAliveTimeout,
        Duration drain) {
    private static final Duration LONGEST = Duration.ofDays(1);

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(8),
            Duration.ofSeconds(5));

    public Timeouts {
        List<String> faults = new ArrayList<>();
        positive(faults, "operation", operation);
        positive(faults, "connect", connect);
        positive(faults, "handshake", handshake);
        positive(faults, "keepAliveInterval", keepAliveInterval);
        positive(faults, "keepAliveTimeout", keepAliveTimeout);
        positive(faults, "drain", drain);
        if (keepAliveTimeout.compareTo(keepAliveInterval) <= 0) {
            faults.add("keepAliveTimeout " + keepAliveTimeout + " must be longer than keepAliveInterval "
                    + keepAliveInterval);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("timeouts: " + String.join("; ", faults));
        }
    }

    public Timeouts withOperation(Duration time) {
        return new Timeouts(time, connect, handshake, keepAliveInterval, keepAliveTimeout, drain);
    }

    public Timeouts withConnect(Duration connecting, Duration handshaking) {
        return new Timeouts(operation, connecting, handshaking, keepAliveInterval, keepAliveTimeout, drain);
    }

    public Timeouts withKeepAlive(Duration interval, Duration timeout) {
        return new Timeouts(operation, connect, handshake, interval, timeout, drain);
    }

    private static void positive(List<String> faults, String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            faults.add(name + " is " + value + ", allowed more than 0 and at most " + LONGEST);
        }
    }
}
