package io.fairlead.transport.rdma;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What only RDMA knows.
 *
 * @param device name such as {@code mlx5_0}; empty for the first that has an address
 * @param loops pollers, each a thread with a completion queue that owns its connections
 * @param slots receives posted for each connection, which the peer may fill before it hears of more
 * @param slotBytes of each; a message goes in as many as it needs
 * @param sendRequests work requests of a connection under way
 * @param postedBytes of operations on memory under way on a connection, a long one in parts: what a keep-alive may wait behind
 * @param inlineBytes up to which payload travels in the request itself, if the device grants it
 * @param readDepth reads and atomics under way on the wire, each way
 * @param polling whether a poller spins, sleeps, or spins before it sleeps
 * @param spinUs for how long, in microseconds
 * @param ackTimeout 4.096 us times 2 to this power pass before a packet is sent again
 * @param retries how often it is; 7 would be for ever on some devices
 * @param minRnrTimer code of the wait that a peer is told when no receive is posted: 12 is 0.64 ms
 */
record RdmaSettings(
        String device,
        int loops,
        int slots,
        int slotBytes,
        int sendRequests,
        int postedBytes,
        int inlineBytes,
        int readDepth,
        Polling polling,
        int spinUs,
        int ackTimeout,
        int retries,
        int minRnrTimer) {
    private static final String PREFIX = "rdma.";
    private static final int MOST_SLOT_BYTES = 1 << 30;

    /** How a poller waits for completions. */
    enum Polling {
        /** Never sleeps: a core for each poller, and the least latency. */
        BUSY,
        /** Spins for a while after each completion, then sleeps until the device wakes it. */
        ADAPTIVE,
        /** Sleeps whenever there is nothing to do. */
        EVENT
    }

    /** How long a request is tried before the peer counts as dead. */
    Duration retriedFor() {
        return Duration.ofNanos((4096L << ackTimeout) * (retries + 1));
    }

    /**
     * Reads {@code rdma.device}, {@code rdma.loops}, {@code rdma.slots}, {@code rdma.slotBytes}, {@code rdma.sendRequests}, {@code
     * rdma.postedBytes}, {@code rdma.inlineBytes}, {@code rdma.readDepth}, {@code rdma.polling} (busy, adaptive, event), {@code rdma.spinUs}, {@code
     * rdma.ackTimeout}, {@code rdma.retries} and {@code rdma.minRnrTimer}; what is missing has its default.
     *
     * @throws IllegalArgumentException on unknown keys and unreadable values, all of them named
     */
    static RdmaSettings from(Map<String, String> settings) {
        return new Reading(settings).settings();
    }

    /** One reading: values are taken out, faults gathered, and what is left is unknown. */
    private static final class Reading {
        private static final String KNOWN =
                "device, loops, slots, slotBytes, sendRequests, postedBytes, inlineBytes, readDepth, polling,"
                        + " spinUs, ackTimeout, retries, minRnrTimer";

        private final Map<String, String> left = new TreeMap<>();
        private final List<String> faults = new ArrayList<>();

        Reading(Map<String, String> settings) {
            settings.forEach((key, value) -> {
                if (key.startsWith(PREFIX)) {
                    left.put(key.substring(PREFIX.length()), value.strip());
                }
            });
        }

        RdmaSettings settings() {
            String device = left.remove("device");
            RdmaSettings read = new RdmaSettings(
                    device == null ? "" : device,
                    integer("loops", 1, 1, 256),
                    integer("slots", 64, 16, 4096),
                    integer("slotBytes", 8192, 1024, 1 << 20),
                    integer("sendRequests", 256, 64, 8192),
                    integer("postedBytes", 2 << 20, 1 << 16, 1 << 30),
                    integer("inlineBytes", 220, 0, 1024),
                    integer("readDepth", 16, 1, 128),
                    polling(),
                    integer("spinUs", 200, 0, 1_000_000),
                    integer("ackTimeout", 14, 8, 22),
                    integer("retries", 6, 0, 6),
                    integer("minRnrTimer", 12, 1, 31));
            if ((long) read.slots() * read.slotBytes() > MOST_SLOT_BYTES) {
                faults.add("slots x slotBytes is " + (long) read.slots() * read.slotBytes() + ", allowed to "
                        + MOST_SLOT_BYTES);
            }
            left.keySet().forEach(key -> faults.add("unknown setting rdma." + key + ", known: " + KNOWN));
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException("rdma: " + String.join("; ", faults));
            }
            return read;
        }

        private Polling polling() {
            String text = left.remove("polling");
            if (text == null) {
                return Polling.ADAPTIVE;
            }
            try {
                return Polling.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                faults.add("polling is '" + text + "', known: busy, adaptive, event");
                return Polling.ADAPTIVE;
            }
        }

        private int integer(String key, int otherwise, int least, int most) {
            String text = left.remove(key);
            if (text == null) {
                return otherwise;
            }
            try {
                int value = Integer.parseInt(text);
                if (value < least || value > most) {
                    faults.add(key + " is " + value + ", allowed " + least + ".." + most);
                }
                return value;
            } catch (NumberFormatException e) {
                faults.add(key + " is '" + text + "', wanted a whole number");
                return otherwise;
            }
        }
    }
}
