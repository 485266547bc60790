package io.fairlead.benchmarks.raw;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connected socket used by one thread, which waits either in the kernel or by trying again. */
final class Wire implements Closeable {
    private final SocketChannel channel;

    Wire(SocketChannel channel, boolean spinning) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(!spinning);
    }

    /** Reads at least one byte into the room that is left, and no more than has come. */
    void read(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        while (count == 0) {
            Thread.onSpinWait();
            count = channel.read(into);
        }
        if (count < 0) {
            throw new EOFException();
        }
    }

    void readFully(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            read(into);
        }
    }

    void writeFully(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            if (channel.write(from) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Gathers both buffers into one system call as long as the socket takes them. */
    void writeFully(ByteBuffer[] headerAndPayload) throws IOException {
        ByteBuffer last = headerAndPayload[headerAndPayload.length - 1];
        while (last.hasRemaining()) {
            if (channel.write(headerAndPayload) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
