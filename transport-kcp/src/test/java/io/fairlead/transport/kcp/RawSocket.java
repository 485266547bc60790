package io.fairlead.transport.kcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A datagram socket that talks to one other. For one thread; never blocks but in {@link #control}. */
final class RawSocket implements AutoCloseable {
    private final DatagramChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    private @Nullable SocketAddress other;

    private RawSocket(DatagramChannel channel, @Nullable SocketAddress other) {
        this.channel = channel;
        this.other = other;
    }

    static RawSocket connected(InetSocketAddress to) {
        return open(new InetSocketAddress(to.getAddress(), 0), to, false);
    }

    static RawSocket bound(InetSocketAddress at) {
        return open(at, null, true);
    }

    private static RawSocket open(InetSocketAddress local, @Nullable InetSocketAddress to, boolean bind) {
        try {
            DatagramChannel channel = DatagramChannel.open();
            channel.configureBlocking(false);
            if (bind) {
                channel.bind(local);
            }
            return new RawSocket(channel, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress local() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(byte[] datagram) {
        SocketAddress to = other;
        if (to != null && channel.isOpen()) {
            try {
                channel.send(ByteBuffer.wrap(datagram), to);
            } catch (PortUnreachableException e) {
                // As any datagram, it may be lost.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What has come, or null. Valid until the next call. The first sender becomes the other. */
    @Nullable
    ByteBuffer poll() {
        try {
            if (!channel.isOpen()) {
                return null;
            }
            SocketAddress from = channel.receive(buffer.clear());
            if (from == null) {
                return null;
            }
            if (other == null) {
                other = from;
            }
            return buffer.flip();
        } catch (PortUnreachableException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a control datagram, or for the bound. */
    @Nullable
    ControlDatagram control(long boundNs) {
        long deadlineNs = System.nanoTime() + boundNs;
        while (System.nanoTime() < deadlineNs) {
            ByteBuffer came = poll();
            if (came == null) {
                LockSupport.parkNanos(200_000);
            } else if (ControlDatagram.isControl(came)) {
                return ControlDatagram.decode(came);
            }
        }
        return null;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
