package io.fairlead.transport.kcp.interop;

import io.fairlead.transport.kcp.protocol.DatagramSink;
import io.fairlead.transport.kcp.protocol.Kcp;
import io.fairlead.transport.kcp.protocol.KcpConfig;
import io.fairlead.transport.kcp.protocol.KcpState;
import io.fairlead.transport.kcp.protocol.SlotPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An engine in stream mode over a socket on loopback: it sends one {@link SeededStream} and receives another at the same time. As a server it
 * stays with whoever sends first, and takes the conversation from there, as a listener of kcp-go does. One thread, which calls
 * {@link #turn} again and again.
 */
final class UdpEnd implements AutoCloseable {
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int MOST_IN_A_TURN = 128;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int DATAGRAM_BYTES = 1500;
    private static final long NS_PER_MS = 1_000_000;
    private static final long LONGEST_WAIT_MS = 100;

    private final DatagramChannel channel;
    private final Selector selector;
    private final KcpConfig config;
    private final SeededStream source;
    private final long bytesEach;
    private final BadPath out;
    private final BadPath in;
    private final ByteBuffer arrived = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).limit(0);
    private final MessageDigest sum = SeededStream.sha256();
    private @Nullable SocketAddress peer;
    private @Nullable Kcp kcp;
    private boolean paused;
    private long nowNs;
    private int arrivals;
    private long queued;
    private long received;
    private @Nullable String receivedSha256;

    /**
     * @param seedOut of the stream that is sent
     * @param seedFaults of both directions of the path
     */
    UdpEnd(KcpConfig config, long bytesEach, long seedOut, long seedFaults, BadPath.Faults faults) throws IOException {
        this.config = config;
        this.bytesEach = bytesEach;
        source = new SeededStream(seedOut);
        SplittableRandom seeds = new SplittableRandom(seedFaults);
        out = new BadPath(seeds.nextLong(), faults, this::write);
        in = new BadPath(seeds.nextLong(), faults, this::input);
        selector = Selector.open();
        channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        nowNs = System.nanoTime();
    }

    /** Becomes a client. */
    void connect(int port, int conversation) {
        peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        begin(conversation);
    }

    /** Takes nothing from the engine until {@link #resume}, as an application that is busy. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        kcp().deliver();
    }

    /** Where a server is. */
    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private void begin(int conversation) {
        int segments = config.windows().sendSegments() + config.windows().receiveSegments();
        SlotPool pool = new SlotPool(
                config.segments().slotBytes(), segments + config.queue().highSegments());
        kcp = new Kcp(conversation, config, pool, new Socket(), this::take, nowNs);
    }

    /** What the engine makes goes the bad way. */
    private final class Socket implements DatagramSink {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
        private final MemorySegment segment = MemorySegment.ofBuffer(buffer);

        @Override
        public MemorySegment buffer() {
            return segment;
        }

        @Override
        public void submit(MemorySegment filled, int offset, int lengthBytes) {
            out.pass(buffer.limit(offset + lengthBytes).position(offset), nowNs);
            buffer.clear();
        }
    }

    private int take(MemorySegment bytes, long offset, int length, int fragmentsLeft) {
        if (paused) {
            return 0;
        }
        sum.update(bytes.asSlice(offset, length).asByteBuffer());
        received += length;
        if (received > bytesEach) {
            throw new AssertionError("received " + received + " bytes of " + bytesEach);
        }
        if (received == bytesEach) {
            receivedSha256 = SeededStream.hex(sum);
        }
        return length;
    }

    private void write(ByteBuffer datagram) {
        try {
            channel.send(datagram, Objects.requireNonNull(peer)); // what the socket does not take is lost
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void input(ByteBuffer datagram) {
        Kcp engine = kcp;
        if (engine == null) {
            // what the path held back or doubled has lost its byte order
            begin(datagram.order(ByteOrder.LITTLE_ENDIAN).getInt(datagram.position()));
            engine = kcp();
        }
        engine.input(datagram, nowNs);
        arrivals++;
    }

    /** Does what there is to do, or waits a while for it. */
    void turn() throws IOException {
        nowNs = System.nanoTime();
        arrivals = 0;
        read();
        in.release(nowNs);
        out.release(nowNs);
        boolean idle = arrivals == 0;
        Kcp engine = kcp;
        if (engine != null) {
            idle &= offer(engine) == 0;
            if (idle) {
                engine.update(nowNs);
            } else {
                engine.flush(nowNs);
            }
            if (engine.state() != KcpState.OPEN) {
                throw new AssertionError("the engine is " + engine.state());
            }
        }
        if (idle) {
            await(engine == null ? Long.MAX_VALUE : engine.nextDeadlineNs());
        }
    }

    private void read() throws IOException {
        for (int count = 0; count < MOST_IN_A_TURN; count++) {
            SocketAddress from = channel.receive(arrived.clear());
            if (from == null) {
                break;
            }
            if (peer == null) {
                peer = from; // connecting the channel would throw away what has come already
            }
            if (from.equals(peer)) {
                in.pass(arrived.flip(), nowNs);
            }
        }
    }

    /** Gives the engine of the stream what it takes. */
    private int offer(Kcp engine) {
        int taken = 0;
        while (engine.writable() && (chunk.hasRemaining() || queued < bytesEach)) {
            if (!chunk.hasRemaining()) {
                int length = (int) Math.min(CHUNK_BYTES, bytesEach - queued);
                source.fill(chunk.clear().limit(length));
                chunk.flip();
                queued += length;
            }
            int now = engine.send(chunk);
            if (now <= 0) {
                break;
            }
            taken += now;
        }
        return taken;
    }

    private void await(long deadlineNs) throws IOException {
        long firstNs = Math.min(deadlineNs, Math.min(in.nextNs(), out.nextNs()));
        long waitNs = firstNs == Long.MAX_VALUE ? Long.MAX_VALUE : firstNs - nowNs;
        if (waitNs >= NS_PER_MS) {
            selector.select(Math.min(LONGEST_WAIT_MS, waitNs / NS_PER_MS));
        } else {
            selector.selectNow();
        }
        selector.selectedKeys().clear();
    }

    /** Whether there is an engine: in a server, once the first datagram has come. */
    boolean isConnected() {
        return kcp != null;
    }

    /** Whether all was received, and the other end has acknowledged all. */
    boolean isDone() {
        return receivedSha256 != null && queued == bytesEach && !chunk.hasRemaining() && kcp().waitSend() == 0;
    }

    /** SHA-256 of what was received; only once that is all. */
    String receivedSha256() {
        if (receivedSha256 == null) {
            throw new IllegalStateException("received " + received + " bytes of " + bytesEach);
        }
        return receivedSha256;
    }

    /** Only once it is connected. */
    Kcp kcp() {
        if (kcp == null) {
            throw new IllegalStateException("nobody has come");
        }
        return kcp;
    }

    /** How far it has come, for the message of a failure. */
    @Override
    public String toString() {
        String counts = kcp == null
                ? "nobody has come"
                : kcp.state() + ", " + kcp.waitSend() + " waiting, " + kcp.segmentsInFlight()
                        + " in flight, peer's window " + kcp.peerWindowSegments() + ", " + counts();
        return "queued " + queued + " and received " + received + " of " + bytesEach + " bytes; " + counts;
    }

    /** In the manner of the other program. */
    String counts() {
        var stats = kcp().stats();
        return stats.segmentsOut() + " segments out, " + stats.retransmits() + " retransmitted ("
                + stats.fastRetransmits() + " fast, " + stats.timeBasedRetransmits() + " by time, "
                + stats.timeoutRetransmits() + " by timeout, " + stats.tailProbes() + " probes, "
                + stats.copies() + " copies; " + stats.spurious() + " spurious), " + stats.duplicatesIn()
                + " repeated in, " + stats.refused() + " refused, " + stats.beyondWindow() + " beyond the window, "
                + stats.foreign() + " foreign, " + stats.windowAsks() + " asked, " + stats.windowTells()
                + " told, srtt " + kcp().smoothedRttNs() / 1000 + " us";
    }

    @Override
    public void close() throws IOException {
        if (kcp != null) {
            kcp.close();
        }
        selector.close();
        channel.close();
    }
}
