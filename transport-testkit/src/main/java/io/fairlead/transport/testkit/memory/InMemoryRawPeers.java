package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.RawPeers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Raw peers on an in-memory network: they cost memory only. */
final class InMemoryRawPeers implements RawPeers {
    private static final int MOST = 10_000;

    private final InMemoryNetwork network;

    InMemoryRawPeers(InMemoryNetwork network) {
        this.network = network;
    }

    @Override
    public RawPeer connect(Endpoint to) {
        StreamAcceptor listener = network.listenerAt(to);
        if (listener == null) {
            throw new AssertionError("nobody listens at " + to);
        }
        MemoryLink link = network.link();
        listener.accept(link, network.clientAddress());
        return new Peer(link, true);
    }

    @Override
    public RawListener listen() {
        return new Acceptor(network);
    }

    @Override
    public int most() {
        return MOST;
    }

    /** Collects the streams that come. */
    private static final class Acceptor implements RawListener {
        private final InMemoryNetwork network;
        private final ConcurrentLinkedQueue<RawPeer> accepted = new ConcurrentLinkedQueue<>();
        private final StreamAcceptor acceptor = (link, from) -> accepted.add(new Peer(link, false));
        private final Endpoint endpoint;

        Acceptor(InMemoryNetwork network) {
            this.network = network;
            this.endpoint = network.bind(new Endpoint("memory", 0), acceptor);
        }

        @Override
        public Endpoint endpoint() {
            return endpoint;
        }

        @Override
        public RawPeer accept(Duration bound) {
            Await.until("somebody connects", bound, () -> !accepted.isEmpty());
            return accepted.remove();
        }

        @Override
        public void close() {
            network.unbind(endpoint, acceptor);
        }
    }

    /**
     * One side of a stream, by hand.
     *
     * @param toServer whether it writes towards the server
     */
    private record Peer(MemoryLink link, boolean toServer) implements RawPeer {
        private static final Duration ROOM = Duration.ofSeconds(10);

        @Override
        public void write(byte[] bytes) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            Await.until("room for raw bytes", ROOM, () -> {
                link.write(toServer, left);
                return !left.hasRemaining();
            });
        }

        @Override
        public byte[] read(int bytes, Duration bound) {
            ByteBuffer read = ByteBuffer.allocate(bytes);
            Await.until(bytes + " raw bytes", bound, () -> {
                if (take(read) < 0) {
                    throw new AssertionError("closed after " + read.position() + " of " + bytes + " bytes");
                }
                return !read.hasRemaining();
            });
            return read.array();
        }

        @Override
        public boolean awaitClosed(Duration bound) {
            ByteBuffer ignored = ByteBuffer.allocate(4096);
            long deadlineNs = System.nanoTime() + bound.toNanos();
            while (take(ignored.clear()) >= 0) {
                if (System.nanoTime() - deadlineNs > 0) {
                    return false;
                }
                Thread.onSpinWait();
            }
            return true;
        }

        private int take(ByteBuffer to) {
            try {
                return link.towards(!toServer).read(to);
            } catch (IOException e) {
                return -1;
            }
        }

        @Override
        public void close() {
            link.towards(true).close();
            link.towards(false).close();
        }
    }
}
