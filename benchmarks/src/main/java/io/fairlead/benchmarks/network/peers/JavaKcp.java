package io.fairlead.benchmarks.network.peers;

import io.fairlead.benchmarks.network.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import kcp.ChannelConfig;
import kcp.KcpClient;
import kcp.KcpListener;
import kcp.KcpServer;
import kcp.Ukcp;

/** java-Kcp 1.6. */
public final class JavaKcp implements Peer {
    private static final int MTU_BYTES = 1400;
    private static final int CONVERSATION = 0x4a4b4350;
    /** Messages that may wait for its thread, before the sender waits; it counts an MTU for each. */
    private static final int MOST_WAITING_MESSAGES = 64;

    private static final long ROOM_POLL_NS = 50_000;

    private final boolean ackNoDelay;

    public JavaKcp(boolean ackNoDelay) {
        this.ackNoDelay = ackNoDelay;
    }

    @Override
    public String name() {
        return ackNoDelay ? "java-kcp-acknow" : "java-kcp";
    }

    @Override
    public String setUp() {
        return "java-Kcp 1.6, nodelay (1,10,2,1), window 1024 unless told"
                + ", MTU 1400, message mode, fastFlush as by default" + (ackNoDelay ? ", ackNoDelay" : "")
                + "; its server on epoll, its client on NIO, as it is built; Netty 4.1";
    }

    @Override
    public boolean needsNetty41() {
        return true;
    }

    @Override
    public void listen(InetSocketAddress local, Inlet inlet) {
        new KcpServer().init(new Listener(inlet), config(), local.getPort());
    }

    @Override
    public Outlet connect(InetSocketAddress server, Inlet inlet) {
        ChannelConfig config = config();
        KcpClient client = new KcpClient();
        client.init(config);
        Ukcp connection = client.connect(server, config, new Listener(inlet));
        return bytes -> send(connection, bytes);
    }

    private ChannelConfig config() {
        ChannelConfig config = new ChannelConfig();
        config.setConv(CONVERSATION);
        config.nodelay(true, 10, 2, true);
        config.setSndwnd(Peer.windowSegments());
        config.setRcvwnd(Peer.windowSegments());
        config.setMtu(MTU_BYTES);
        config.setAckNoDelay(ackNoDelay);
        config.setTimeoutMillis(0);
        config.setWriteBufferSize(MOST_WAITING_MESSAGES * MTU_BYTES);
        return config;
    }

    private static void send(Ukcp connection, ByteBuffer bytes) throws IOException {
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.remaining());
        try {
            copy.writeBytes(bytes.duplicate());
            while (!connection.write(copy)) {
                if (!connection.isActive()) {
                    throw new IOException("java-Kcp has closed the connection");
                }
                LockSupport.parkNanos(ROOM_POLL_NS);
            }
        } finally {
            copy.release();
        }
    }

    private record Listener(Inlet inlet) implements KcpListener {
        @Override
        public void onConnected(Ukcp connection) {}

        @Override
        public void handleReceive(ByteBuf bytes, Ukcp connection) {
            try {
                inlet.received(bytes.nioBuffer(), back -> send(connection, back));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void handleException(Throwable failure, Ukcp connection) {
            failure.printStackTrace();
        }

        @Override
        public void handleClose(Ukcp connection) {
            System.err.println("java-Kcp closed the connection");
        }
    }
}
