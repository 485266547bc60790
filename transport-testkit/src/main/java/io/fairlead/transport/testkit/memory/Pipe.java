package io.fairlead.transport.testkit.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One direction of a stream: bytes on their way, at most so many. Thread-safe, never blocks. */
final class Pipe {
    private static final int CAPACITY_BYTES = 64 * 1024;

    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>();
    private int size;
    private boolean closed;
    private @Nullable IOException cut;
    private Runnable onReadable = () -> {};
    private Runnable onWritable = () -> {};

    /** Who is told that there are bytes, or the end. */
    synchronized void reader(Runnable wake) {
        onReadable = wake;
    }

    /** Who is told that there is room again. */
    synchronized void writer(Runnable wake) {
        onWritable = wake;
    }

    synchronized int room() {
        return closed ? Integer.MAX_VALUE : Math.max(0, CAPACITY_BYTES - size);
    }

    /** Takes what there is room for; after the end it swallows everything, as a network does. */
    void write(ByteBuffer from) {
        int bytes = Math.min(room(), from.remaining());
        if (bytes > 0) {
            byte[] copy = new byte[bytes];
            from.get(copy);
            append(copy);
        }
    }

    /** Takes bytes beyond the capacity too: frames that a tap let through or made up. */
    void append(byte[] bytes) {
        Runnable wake;
        synchronized (this) {
            if (closed) {
                return;
            }
            chunks.add(ByteBuffer.wrap(bytes));
            size += bytes.length;
            wake = onReadable;
        }
        wake.run();
    }

    /**
     * Moves bytes to {@code to}.
     *
     * @return how many, or -1 at the end
     * @throws IOException if the stream was cut
     */
    int read(ByteBuffer to) throws IOException {
        int before = to.position();
        Runnable wake;
        synchronized (this) {
            if (cut != null) {
                throw cut;
            }
            while (to.hasRemaining() && !chunks.isEmpty()) {
                ByteBuffer first = chunks.element();
                int bytes = Math.min(first.remaining(), to.remaining());
                to.put(first.slice(first.position(), bytes));
                first.position(first.position() + bytes);
                if (!first.hasRemaining()) {
                    chunks.remove();
                }
            }
            size -= to.position() - before;
            if (to.position() == before) {
                return closed ? -1 : 0;
            }
            wake = onWritable;
        }
        wake.run();
        return to.position() - before;
    }

    synchronized boolean readable() {
        return closed || cut != null || !chunks.isEmpty();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** No more bytes come; those under way are still delivered. */
    void close() {
        end(null);
    }

    /** The stream breaks: what is under way is lost. */
    void cut(IOException why) {
        end(why);
    }

    private void end(@Nullable IOException why) {
        Runnable reader;
        Runnable writer;
        synchronized (this) {
            if (why != null) {
                cut = why;
                chunks.clear();
            }
            closed = true;
            reader = onReadable;
            writer = onWritable;
        }
        reader.run();
        writer.run();
    }
}
