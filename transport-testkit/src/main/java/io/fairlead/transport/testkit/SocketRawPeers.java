package io.fairlead.transport.testkit;

import io.fairlead.transport.Endpoint;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Raw peers over TCP sockets. */
public final class SocketRawPeers implements RawPeers {
    @Override
    public RawPeer connect(Endpoint to) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(to.host(), to.port()), 10_000);
            return new SocketPeer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect a raw peer to " + to, e);
        }
    }

    @Override
    public RawListener listen() {
        try {
            return new SocketListener(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Both ends are in this process, so each costs two descriptors; some are left for the rest of the process. */
    @Override
    public int most() {
        return Math.clamp((OpenFiles.limit() - OpenFiles.count() - 200) / 2, 10, 10_000);
    }

    private record SocketListener(ServerSocket socket) implements RawListener {
        @Override
        public Endpoint endpoint() {
            return new Endpoint(socket.getInetAddress().getHostAddress(), socket.getLocalPort());
        }

        @Override
        public RawPeer accept(Duration bound) {
            try {
                socket.setSoTimeout((int) bound.toMillis());
                return new SocketPeer(socket.accept());
            } catch (SocketTimeoutException e) {
                throw new AssertionError("nobody connected within " + bound, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            closeQuietly(socket);
        }
    }

    private record SocketPeer(Socket socket) implements RawPeer {
        @Override
        public void write(byte[] bytes) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (SocketException e) {
                // The other side closed, as it may at any time.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] read(int bytes, Duration bound) {
            try {
                socket.setSoTimeout((int) bound.toMillis());
                byte[] read = socket.getInputStream().readNBytes(bytes);
                if (read.length < bytes) {
                    throw new EOFException("closed after " + read.length + " of " + bytes + " bytes");
                }
                return read;
            } catch (IOException e) {
                throw new AssertionError(bytes + " bytes did not come within " + bound, e);
            }
        }

        @Override
        public boolean awaitClosed(Duration bound) {
            long deadlineNs = System.nanoTime() + bound.toNanos();
            byte[] ignored = new byte[4096];
            try {
                while (true) {
                    long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
                    if (leftMs <= 0) {
                        return false;
                    }
                    socket.setSoTimeout((int) leftMs);
                    if (socket.getInputStream().read(ignored) < 0) {
                        return true;
                    }
                }
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }

        @Override
        public void close() {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // A socket that cannot be closed was reset by the other side.
        }
    }
}
