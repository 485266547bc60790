package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Takes the bytes of the peer, in order, each once. Called on the thread of the engine, from {@link Kcp#input} and {@link
 * Kcp#deliver} only.
 */
@FunctionalInterface
public interface Receiver {
    /** Takes nothing, so that all waits for {@link Kcp#receive}. */
    Receiver PULLED = (bytes, offset, length, fragmentsLeft) -> 0;

    /**
     * The next bytes, where they lie: in the datagram if they came in order, else in a slot of the engine. They are valid during
     * the call only. May call {@link Kcp#send}, but nothing else of the engine.
     *
     * @param length more than 0, except for an empty message
     * @param fragmentsLeft of this message after this piece; 0 in stream mode
     * @return the bytes taken. Fewer than {@code length} means no room: the engine keeps the rest, its window closes as
     *     such bytes gather, and {@link Kcp#deliver} offers them again
     */
    int take(MemorySegment bytes, long offset, int length, int fragmentsLeft);
}
