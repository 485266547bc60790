package io.fairlead.transport.tcp;

import java.net.InetAddress;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What only TCP knows.
 *
 * @param loops event loops, each a thread. Connections are dealt out in turn; 1 keeps up with several gigabytes a
 *     second, so the default is half of the cores, at least 1, at most 4
 * @param busyPoll how long a loop polls after its last work before it sleeps in the kernel, always. Polling saves the
 *     wake-up, some tens of microseconds a round trip, and costs a core; never set it with more loops than spare cores
 * @param adaptivePoll the same, but only while polling has lately found something, so that an idle or slow connection
 *     costs nothing. A few wake-ups long; 0 never polls, which is the default on a single core
 * @param noDelay TCP_NODELAY: the engine batches by itself, and a delayed last frame of a batch would cost up to 40 ms
 * @param sendBufferBytes SO_SNDBUF; 0 leaves the size to the kernel, which tunes it to the path. On loopback there is no
 *     path to fill, and what queues there by megabytes has left the cache when it is read: 0 is 400,000 there
 * @param receiveBufferBytes SO_RCVBUF; 0 leaves the size to the kernel, and a fixed one also bounds the window it offers
 * @param backlog connections that may wait to be accepted
 */
public record TcpConfig(
        int loops,
        Duration busyPoll,
        Duration adaptivePoll,
        boolean noDelay,
        int sendBufferBytes,
        int receiveBufferBytes,
        int backlog) {
    private static final String PREFIX = "tcp.";

    private static final Duration ADAPTIVE =
            Runtime.getRuntime().availableProcessors() > 1 ? Duration.ofNanos(50_000) : Duration.ZERO;

    /** The kernel doubles it; a queue of that size stays in the second-level cache on its way. */
    private static final int LOOPBACK_SEND_BUFFER_BYTES = 400_000;

    public static final TcpConfig DEFAULT = new TcpConfig(
            Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4),
            Duration.ZERO,
            ADAPTIVE,
            true,
            0,
            0,
            1024);

    public TcpConfig {
        List<String> faults = new ArrayList<>();
        check(faults, loops >= 1 && loops <= 256, "loops is " + loops + ", allowed 1..256");
        check(
                faults,
                !busyPoll.isNegative() && busyPoll.compareTo(Duration.ofSeconds(10)) <= 0,
                "busyPoll is " + busyPoll + ", allowed 0 to 10 s");
        check(
                faults,
                !adaptivePoll.isNegative() && adaptivePoll.compareTo(Duration.ofMillis(10)) <= 0,
                "adaptivePoll is " + adaptivePoll + ", allowed 0 to 10 ms");
        check(faults, sendBufferBytes >= 0, "sendBufferBytes is " + sendBufferBytes + ", allowed 0 and more");
        check(faults, receiveBufferBytes >= 0, "receiveBufferBytes is " + receiveBufferBytes + ", allowed 0 and more");
        check(faults, backlog >= 1, "backlog is " + backlog + ", allowed 1 and more");
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("tcp: " + String.join("; ", faults));
        }
    }

    /** SO_SNDBUF for a connection to this address; 0 to leave it alone. */
    int sendBufferBytes(InetAddress remote) {
        return sendBufferBytes == 0 && remote.isLoopbackAddress() ? LOOPBACK_SEND_BUFFER_BYTES : sendBufferBytes;
    }

    private static void check(List<String> faults, boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }

    /**
     * Reads {@code tcp.loops}, {@code tcp.busyPoll} and {@code tcp.adaptivePoll} (ISO-8601, such as {@code PT0.001S}),
     * {@code tcp.noDelay}, {@code tcp.sendBufferBytes}, {@code tcp.receiveBufferBytes} and {@code tcp.backlog}; what is missing has its default.
     *
     * @throws IllegalArgumentException on unknown keys and unreadable values, all of them named
     */
    static TcpConfig from(Map<String, String> settings) {
        List<String> faults = new ArrayList<>();
        Map<String, String> own = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                own.put(key.substring(PREFIX.length()), value);
            }
        });
        int loops = integer(own, "loops", DEFAULT.loops, faults);
        int send = integer(own, "sendBufferBytes", DEFAULT.sendBufferBytes, faults);
        int receive = integer(own, "receiveBufferBytes", DEFAULT.receiveBufferBytes, faults);
        int backlog = integer(own, "backlog", DEFAULT.backlog, faults);
        boolean noDelay = !"false".equals(own.getOrDefault("noDelay", "true"));
        check(
                faults,
                List.of("true", "false").contains(own.getOrDefault("noDelay", "true")),
                "noDelay is true or false");
        Duration busy = duration(own, "busyPoll", DEFAULT.busyPoll, faults);
        Duration adaptive = duration(own, "adaptivePoll", DEFAULT.adaptivePoll, faults);
        List.of("loops", "busyPoll", "adaptivePoll", "noDelay", "sendBufferBytes", "receiveBufferBytes", "backlog")
                .forEach(own::remove);
        own.keySet()
                .forEach(
                        unknown -> faults.add(
                                "unknown setting tcp." + unknown
                                        + ", known: loops, busyPoll, adaptivePoll, noDelay, sendBufferBytes, receiveBufferBytes, backlog"));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("tcp: " + String.join("; ", faults));
        }
        return new TcpConfig(loops, busy, adaptive, noDelay, send, receive, backlog);
    }

    private static int integer(Map<String, String> settings, String key, int otherwise, List<String> faults) {
        String text = settings.get(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            faults.add(key + " is '" + text + "', wanted a whole number");
            return otherwise;
        }
    }

    private static Duration duration(
            Map<String, String> settings, String key, Duration otherwise, List<String> faults) {
        String text = settings.get(key);
        try {
            return text == null ? otherwise : Duration.parse(text.strip());
        } catch (DateTimeParseException e) {
            faults.add(key + " is '" + text + "', wanted a duration such as PT0.001S");
            return otherwise;
        }
    }
}
