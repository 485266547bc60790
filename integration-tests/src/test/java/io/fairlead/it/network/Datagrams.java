package io.fairlead.it.network;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Numbered datagrams from one end of a network to the other, and when each arrived. */
final class Datagrams implements AutoCloseable {
    /** What IPv4 and UDP put before the payload. */
    static final int HEADERS_BYTES = 28;

    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final Duration BOUND = Duration.ofSeconds(20);

    record Arrival(int number, long delayNs, long atNs) {}

    private final BadNetwork network;
    private final ToLongFunction<NetworkCounters> delivered;
    private final DatagramChannel sender;
    private final DatagramChannel receiver;
    private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

    private Datagrams(
            BadNetwork network,
            ToLongFunction<NetworkCounters> delivered,
            DatagramChannel sender,
            DatagramChannel receiver)
            throws IOException {
        this.network = network;
        this.delivered = delivered;
        this.sender = sender;
        this.receiver = receiver;
        sender.connect(receiver.getLocalAddress());
        Thread.ofPlatform().daemon().name("datagrams").start(this::read);
    }

    static Datagrams fromAToB(BadNetwork network) throws Exception {
        return new Datagrams(
                network,
                counters -> counters.aToB().packetsOut(),
                network.a().call(() -> bind(network.a().address())),
                network.b().call(() -> bind(network.b().address())));
    }

    static Datagrams fromBToAOverIpv6(BadNetwork network) throws Exception {
        return new Datagrams(
                network,
                counters -> counters.bToA().packetsOut(),
                network.b().call(() -> bind(network.b().address6())),
                network.a().call(() -> bind(network.a().address6())));
    }

    private static DatagramChannel bind(InetAddress address) throws IOException {
        return DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .bind(new InetSocketAddress(address, 0));
    }

    private void read() {
        ByteBuffer packet = ByteBuffer.allocateDirect(2048);
        try {
            while (true) {
                receiver.receive(packet.clear());
                long nowNs = System.nanoTime();
                arrivals.add(new Arrival(packet.getInt(0), nowNs - packet.getLong(4), nowNs));
            }
        } catch (AsynchronousCloseException e) {
            // The end of the test.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends as many datagrams of this payload, and returns what arrived, in its order, once nothing is on its way. */
    List<Arrival> send(int count, int bytes, Duration gap) throws IOException {
        arrivals.clear();
        long before = delivered.applyAsLong(network.counters());
        ByteBuffer packet = ByteBuffer.allocateDirect(bytes);
        long nextNs = System.nanoTime();
        for (int number = 0; number < count; number++) {
            sender.write(packet.clear().putInt(0, number).putLong(4, System.nanoTime()));
            nextNs += gap.toNanos();
            // To the next of a series of points in time: pacing, not waiting for something to happen.
            while (!gap.isZero() && nextNs - System.nanoTime() > 0) {
                LockSupport.parkNanos(nextNs - System.nanoTime());
            }
        }
        await().atMost(BOUND)
                .pollDelay(Duration.ZERO)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> {
                    NetworkCounters now = network.counters();
                    return now.aToB().inFlight() == 0
                            && now.bToA().inFlight() == 0
                            && arrivals.size() == delivered.applyAsLong(now) - before;
                });
        return List.copyOf(arrivals);
    }

    static TreeSet<Integer> missing(List<Arrival> arrivals, int count) {
        TreeSet<Integer> missing = IntStream.range(0, count).boxed().collect(Collectors.toCollection(TreeSet::new));
        arrivals.forEach(arrival -> missing.remove(arrival.number));
        return missing;
    }

    static boolean areInOrder(List<Arrival> arrivals) {
        return IntStream.range(1, arrivals.size()).allMatch(i -> arrivals.get(i - 1).number <= arrivals.get(i).number);
    }

    @Override
    public void close() throws IOException {
        sender.close();
        receiver.close();
    }
}
