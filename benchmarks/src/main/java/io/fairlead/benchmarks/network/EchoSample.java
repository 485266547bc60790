package io.fairlead.benchmarks.network;

import io.fairlead.it.network.NetworkCounters;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One run of an echo.
 *
 * @param latenciesUs in the order of sending, those of the warm-up left out
 * @param latestSendUs how late a message was handed over at worst
 * @param payloadBytes both ways, those of the warm-up included
 * @param wire what the network counted from its opening to some time after the last echo
 */
record EchoSample(
        String weather,
        String peer,
        long seed,
        long payloadBytes,
        long latestSendUs,
        WireCount wire,
        int[] latenciesUs) {
    static final String COLUMNS =
            "weather peer seed messages mean_ms p50_ms p90_ms p99_ms max_ms wire_per_payload packets_up"
                    + " packets_down lost_up lost_down overrun latest_send_ms";

    /** Both directions of a network; bytes are those of IP packets. Up is from the client. */
    record WireCount(long bytes, long packetsUp, long packetsDown, long lostUp, long lostDown, long overrun) {
        static WireCount of(NetworkCounters counters) {
            return new WireCount(
                    counters.bytesOnWire(),
                    counters.aToB().packetsIn(),
                    counters.bToA().packetsIn(),
                    counters.aToB().lost(),
                    counters.bToA().lost(),
                    counters.aToB().overrun() + counters.bToA().overrun());
        }
    }

    double meanMs() {
        return Arrays.stream(latenciesUs).average().orElseThrow() / 1e3;
    }

    /** The least latency that so many of a hundred messages do not exceed. */
    double percentileMs(double percent) {
        int[] sorted = latenciesUs.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(percent / 100 * sorted.length) - 1)] / 1e3;
    }

    double wirePerPayload() {
        return (double) wire.bytes / payloadBytes;
    }

    /** A line of {@link #COLUMNS}. */
    String print() {
        return String.format(
                Locale.ROOT,
                "%s %s %d %d %.2f %.2f %.2f %.2f %.2f %.4f %d %d %d %d %d %.2f",
                weather,
                peer,
                seed,
                latenciesUs.length,
                meanMs(),
                percentileMs(50),
                percentileMs(90),
                percentileMs(99),
                percentileMs(100),
                wirePerPayload(),
                wire.packetsUp,
                wire.packetsDown,
                wire.lostUp,
                wire.lostDown,
                wire.overrun,
                latestSendUs / 1e3);
    }

    /** All there is, in one line; latencies in us. */
    String raw() {
        return String.join(" ", weather, peer) + " "
                + Arrays.stream(new long[] {
                            seed,
                            payloadBytes,
                            latestSendUs,
                            wire.bytes,
                            wire.packetsUp,
                            wire.packetsDown,
                            wire.lostUp,
                            wire.lostDown,
                            wire.overrun
                        })
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(" "))
                + " "
                + Arrays.stream(latenciesUs).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    /** Reads what {@link #raw} wrote. */
    static EchoSample parse(String line) {
        String[] words = line.split(" ", -1);
        long[] n = Arrays.stream(words, 2, 11).mapToLong(Long::parseLong).toArray();
        int[] latencies = Arrays.stream(words, 11, words.length)
                .mapToInt(Integer::parseInt)
                .toArray();
        return new EchoSample(
                words[0], words[1], n[0], n[1], n[2], new WireCount(n[3], n[4], n[5], n[6], n[7], n[8]), latencies);
    }
}
