package io.fairlead.transport.testkit.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A stream between two sides. With a tap, the bytes of both directions are cut into frames, which run through it. */
final class MemoryLink implements FrameTap.Link {
    private final Pipe toServer = new Pipe();
    private final Pipe toClient = new Pipe();
    private final @Nullable FrameTap tap;
    private final FrameCutter serverFrames = new FrameCutter(true);
    private final FrameCutter clientFrames = new FrameCutter(false);

    MemoryLink(@Nullable FrameTap tap) {
        this.tap = tap;
    }

    Pipe towards(boolean server) {
        return server ? toServer : toClient;
    }

    /** Takes some of the bytes; the rest when the pipe tells its writer that there is room. */
    void write(boolean server, ByteBuffer from) {
        FrameTap through = tap;
        Pipe pipe = towards(server);
        if (through == null) {
            pipe.write(from);
        } else if (pipe.room() > 0) {
            synchronized (this) {
                (server ? serverFrames : clientFrames).take(from, frame -> through.frame(frame, this));
            }
        }
    }

    @Override
    public void send(Frame frame) {
        towards(frame.toServer()).append(frame.bytes());
    }

    boolean isOver() {
        return toServer.isClosed() && toClient.isClosed();
    }

    void cut(String why) {
        toServer.cut(new IOException(why));
        toClient.cut(new IOException(why));
    }
}
