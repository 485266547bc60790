package io.fairlead.benchmarks.network.peers;

import io.fairlead.benchmarks.network.Peer;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportContext;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Fairlead's KCP provider through the public SPI: messages, inline handlers, one loop on each side. */
public final class FairleadKcp implements Peer {
    /** Settings of the provider to try, such as {@code kcp.preset=turbo,kcp.mtu=1200}. */
    private static final String TRIED = System.getProperty("fairlead.tried", "");

    @Override
    public String name() {
        return "fairlead-kcp";
    }

    @Override
    public String setUp() {
        return "the provider kcp through the SPI, dialect native, preset native (decision 0009), window 1024 unless told, messages, inline"
                + " handlers, 1 loop a side" + (TRIED.isEmpty() ? "" : "; tried: " + TRIED);
    }

    @Override
    public void listen(InetSocketAddress local, Inlet inlet) {
        Transport transport = open();
        transport.listen(endpoint(local), peer -> new Handler(transport, inlet));
    }

    @Override
    public Outlet connect(InetSocketAddress server, Inlet inlet) throws Exception {
        Transport transport = open();
        Handler handler = new Handler(transport, inlet);
        return handler.outlet(transport.connect(endpoint(server), handler).get(20, TimeUnit.SECONDS));
    }

    private static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(address.getHostString(), address.getPort());
    }

    private static Transport open() {
        String window = Integer.toString(Peer.windowSegments());
        TransportConfig config =
                TransportConfig.DEFAULT.with("kcp.sendWindow", window).with("kcp.receiveWindow", window);
        for (String setting : TRIED.isEmpty() ? new String[0] : TRIED.split(",", -1)) {
            config = config.with(
                    setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return Transports.open(TransportChoice.required("kcp"), config, TransportContext.plain());
    }

    /** One connection. Messages are sent from pieces of a registered region, used again when the peer has the message. */
    private static final class Handler implements ConnectionHandler, Completion {
        private static final int PIECE_BYTES = 64 * 1024;
        private static final int PIECES = 128;
        private static final long TIMEOUT_NS = Duration.ofSeconds(60).toNanos();

        private final Inlet inlet;
        private final MemoryRegion region;
        private final MemorySegment memory;
        private final BlockingQueue<Integer> free = new ArrayBlockingQueue<>(PIECES);
        private @Nullable Outlet back;
        private volatile @Nullable TransportException failed;

        Handler(Transport transport, Inlet inlet) {
            this.inlet = inlet;
            region = transport.allocate((long) PIECES * PIECE_BYTES);
            memory = region.segment();
            for (int i = 0; i < PIECES; i++) {
                free.add(i);
            }
        }

        Outlet outlet(Connection connection) {
            return bytes -> send(connection, bytes);
        }

        private void send(Connection connection, ByteBuffer bytes) throws Exception {
            Integer piece = free.poll(TIMEOUT_NS, TimeUnit.NANOSECONDS);
            TransportException failure = failed;
            if (piece == null || failure != null) {
                throw new IOException("cannot send", failure);
            }
            long at = (long) piece * PIECE_BYTES;
            int length = bytes.remaining();
            MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, memory, at, length);
            long answer = connection.trySend(region, at, length, TIMEOUT_NS, this, piece);
            while (answer < 0) {
                if (ErrorCode.ofRefusal(answer) != ErrorCode.BACK_PRESSURED) {
                    throw new IOException("refused: " + ErrorCode.ofRefusal(answer));
                }
                Thread.sleep(Duration.ofNanos(50_000));
                answer = connection.trySend(region, at, length, TIMEOUT_NS, this, piece);
            }
        }

        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }

        @Override
        public void opened(Connection connection) {
            back = outlet(connection);
        }

        @Override
        public void message(Connection from, Message message) {
            try {
                inlet.received(message.payload().asByteBuffer(), java.util.Objects.requireNonNull(back));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            if (failure != null) {
                failed = failure;
            }
        }

        @Override
        public void released(long context) {
            free.add((int) context);
        }

        @Override
        public void closed(Connection connection, TransportException cause) {
            failed = cause;
        }
    }
}
