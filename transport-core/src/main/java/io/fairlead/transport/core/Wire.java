package io.fairlead.transport.core;

import io.fairlead.transport.Endpoint;
import org.jspecify.annotations.Nullable;

/** The byte stream under an engine. Bytes arrive in order, unharmed, once, or the wire fails. */
public interface Wire {
    Endpoint local();

    Endpoint remote();

    /** The loop that owns the wire and its engine. */
    EventLoop loop();

    /**
     * There is something to send, or something was handed over from another thread: the loop shall call {@link
     * Engine#output()} at the end of its turn. Any thread; cheap when asked again.
     */
    void wantOutput();

    /**
     * How long an acknowledgement of messages may wait for a frame to ride with, in nanoseconds: 0 where a frame of its own costs
     * little, as in a stream of bytes. On the loop.
     */
    default long acknowledgementDelayNs() {
        return 0;
    }

    /**
     * Whether it calls {@link Engine#settle} at the end of each of its turns, so that an answer leaves before the operation ends whose
     * acknowledgement came with the question. Else operations end when their acknowledgements come.
     */
    default boolean settles() {
        return false;
    }

    /**
     * Sends a whole frame that is a message, from where its payload lies: shorter than by a batch, where there is nothing else to
     * send. Called within {@link Engine#output}, when its batch is empty; the payload may change afterwards.
     *
     * @param first the first eight bytes of the header as a number, whose lowest byte comes first
     * @param second the other eight
     * @param address of the payload
     * @return false if nothing was sent, and the message is to go by a batch
     */
    default boolean sendAlone(long first, long second, long address, int bytes) {
        return false;
    }

    /** The way past the stream for operations on memory, or null if they are frames in it; always the same. */
    default @Nullable OneSided oneSided() {
        return null;
    }

    /**
     * The engine has ended: close the stream and forget both. On the loop, once.
     *
     * @param farewell the last bytes told the peer why: give it a second to read them before the stream is cut
     */
    void close(boolean farewell);
}
