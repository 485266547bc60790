package io.fairlead.transport.kcp.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Takes the datagrams of an engine. The sink owns the memory, so that segments are written where they leave from: into
 * the buffer of a socket, or of the layer below. Called on the thread of the engine, within its methods that take a
 * time, and must neither call the engine nor throw.
 */
public interface DatagramSink {
    /**
     * Where the next datagram goes. The engine writes from {@link SegmentLimits#headroomBytes()} on, at most {@link
     * SegmentLimits#mtuBytes()}, and gives the buffer back by {@link #submit} before it asks for another. The same buffer may be
     * given again and again if submit has done with it when it returns.
     */
    MemorySegment buffer();

    /**
     * One datagram is complete. It may be lost, as any datagram: a sink that has no room drops it.
     *
     * @param buffer the one given last; the sink's again
     * @param offset of the first byte of KCP; layers below may put their headers before it
     */
    void submit(MemorySegment buffer, int offset, int lengthBytes);
}
