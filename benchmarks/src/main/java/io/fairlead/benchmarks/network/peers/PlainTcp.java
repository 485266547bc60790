package io.fairlead.benchmarks.network.peers;

import io.fairlead.benchmarks.network.Peer;
import io.fairlead.it.network.CongestionControl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/** TCP of the kernel by blocking {@code java.nio}, as the yardstick. */
public final class PlainTcp implements Peer {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final CongestionControl control;

    public PlainTcp(CongestionControl control) {
        this.control = control;
    }

    @Override
    public String name() {
        return "tcp-" + control.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String setUp() {
        return "kernel TCP, java.nio, a blocking thread for each direction, TCP_NODELAY";
    }

    @Override
    public boolean hasWindow() {
        return false;
    }

    @Override
    public CongestionControl congestionControl() {
        return control;
    }

    @Override
    public void listen(InetSocketAddress local, Inlet inlet) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(local);
        start("tcp-server", () -> {
            SocketChannel accepted = listener.accept();
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            read(accepted, inlet);
        });
    }

    @Override
    public Outlet connect(InetSocketAddress server, Inlet inlet) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        start("tcp-client", () -> read(channel, inlet));
        return bytes -> write(channel, bytes);
    }

    private static void read(SocketChannel channel, Inlet inlet) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        Outlet back = bytes -> write(channel, bytes);
        while (channel.read(buffer.clear()) >= 0) {
            inlet.received(buffer.flip(), back);
        }
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        ByteBuffer left = bytes.duplicate();
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void start(String name, Work work) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                work.run();
            } catch (Exception e) {
                // The parent sees it in what this process prints last, and by the silence.
                e.printStackTrace();
            }
        });
    }
}
