package io.fairlead.it.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the emulator itself with datagrams from a to b: how far the delay is from what was asked, and how many packets
 * a second it carries. Both clocks are the same, as both ends are on one machine.
 */
final class Measurement {
    private static final int TIMED_PACKETS = 3000;
    private static final int WARM_UP_PACKETS = 200;
    private static final long GAP_NS = 1_000_000;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int SMALL_BYTES = 64;
    private static final int LARGE_BYTES = 1200;
    private static final Duration FLOOD = Duration.ofSeconds(3);

    private final BadNetwork network;
    private final Duration delay;

    Measurement(BadNetwork network, Duration delay) {
        this.network = network;
        this.delay = delay;
    }

    String run() throws Exception {
        StringBuilder report = new StringBuilder();
        long[] errorsNs = delayErrors();
        int cold = Math.min(errorsNs.length, WARM_UP_PACKETS);
        report.append(summary("first", Arrays.copyOf(errorsNs, cold)));
        report.append(summary("next", Arrays.copyOfRange(errorsNs, cold, errorsNs.length)));
        for (int bytes : new int[] {SMALL_BYTES, LARGE_BYTES}) {
            report.append(capacity(bytes));
        }
        return report.toString();
    }

    private static String summary(String which, long[] errorsNs) {
        Arrays.sort(errorsNs);
        return String.format(
                Locale.ROOT,
                "delay error of the %s %d packets, 1 ms apart, us: min %.0f, p50 %.0f, p90 %.0f, p99 %.0f, max %.0f%n",
                which,
                errorsNs.length,
                at(errorsNs, 0),
                at(errorsNs, 0.5),
                at(errorsNs, 0.9),
                at(errorsNs, 0.99),
                at(errorsNs, 1));
    }

    private static double at(long[] sortedNs, double share) {
        return sortedNs.length == 0 ? Double.NaN : sortedNs[(int) (share * (sortedNs.length - 1))] / 1e3;
    }

    private long[] delayErrors() throws Exception {
        try (DatagramChannel receiver = network.b().call(() -> open(network.b().address()));
                DatagramChannel sender = network.a().call(() -> open(network.a().address()))) {
            SocketAddress target = receiver.getLocalAddress();
            long[] errorsNs = new long[TIMED_PACKETS + WARM_UP_PACKETS];
            int[] count = {0};
            Thread reading = Thread.ofPlatform().start(() -> {
                ByteBuffer packet = ByteBuffer.allocateDirect(SMALL_BYTES);
                try {
                    while (count[0] < errorsNs.length) {
                        receiver.receive(packet.clear());
                        errorsNs[count[0]++] = System.nanoTime() - packet.getLong(0) - delay.toNanos();
                    }
                } catch (AsynchronousCloseException e) {
                    // The rest was lost.
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            ByteBuffer packet = ByteBuffer.allocateDirect(SMALL_BYTES);
            long nextNs = System.nanoTime();
            for (int i = 0; i < errorsNs.length; i++) {
                nextNs += GAP_NS;
                while (nextNs - System.nanoTime() > 0) {
                    LockSupport.parkNanos(nextNs - System.nanoTime());
                }
                sender.send(packet.clear().putLong(0, System.nanoTime()), target);
            }
            reading.join(delay.plusSeconds(1));
            receiver.close(); // ends the reading if packets were lost
            reading.join();
            return Arrays.copyOf(errorsNs, count[0]);
        }
    }

    /** Nobody reads: how many packets the relay carries is what is asked, not how many a receiver takes. */
    private String capacity(int bytes) throws Exception {
        try (DatagramChannel receiver = network.b().call(() -> open(network.b().address()));
                DatagramChannel sender = network.a().call(() -> open(network.a().address()))) {
            SocketAddress target = receiver.getLocalAddress();
            LinkCounters before = network.counters().aToB();
            long cpuBeforeNs = relayCpuNs();
            ByteBuffer packet = ByteBuffer.allocateDirect(bytes);
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < FLOOD.toNanos()) {
                sender.send(packet.clear(), target);
            }
            LinkCounters after = network.counters().aToB();
            double seconds = (System.nanoTime() - startNs) / 1e9;
            long packets = after.packetsIn() - before.packetsIn();
            return String.format(
                    Locale.ROOT,
                    "capacity with %d bytes of payload: %.0f packets/s in, %.0f out; overrun %d; relay %.2f us CPU/packet%n",
                    bytes,
                    packets / seconds,
                    (after.packetsOut() - before.packetsOut()) / seconds,
                    after.overrun() - before.overrun(),
                    (relayCpuNs() - cpuBeforeNs) / 1e3 / packets);
        }
    }

    private long relayCpuNs() {
        return ProcessHandle.of(network.relayPid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private static DatagramChannel open(InetAddress address) throws IOException {
        return DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .bind(new InetSocketAddress(address, 0));
    }
}
