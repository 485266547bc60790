package io.fairlead.transport.testkit.memory;

/**
 * Sits in the streams of a network and sees every whole frame. It passes one on by sending it to the link, at once or
 * later, altered or not; or never, which loses it. Calls for one link come one at a time, for others at the same time.
 */
@FunctionalInterface
public interface FrameTap {
    /** Where frames go on. Thread-safe. */
    interface Link {
        /** Sends in the frame's own direction, after what was sent before. */
        void send(Frame frame);
    }

    void frame(Frame frame, Link link);
}
