package io.fairlead.transport.rdma;

import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.Handshake;
import io.fairlead.transport.core.StagingPool.Staging;
import java.lang.foreign.MemorySegment;

/** Gives an engine the bytes of SENDs as one stream: puts headers together that two of them share. For the loop only. */
final class FrameStream {
    /** What the engine has not taken yet: less than a header, or than a handshake. */
    private final MemorySegment rest = MemorySegment.ofArray(new byte[Handshake.MAX_BYTES]);

    private int kept;

    /** Takes what came in a receive; stops where the engine no longer reads. Allocates nothing. */
    void take(Engine engine, MemorySegment bytes, long offset, int length, Staging staging) {
        if (kept == 0) {
            keep(engine, bytes, engine.receive(bytes, offset, offset + length), offset + length);
            return;
        }
        MemorySegment joined = staging.segment();
        int at = 0;
        while (at < length && engine.isReading()) {
            int now = (int) Math.min(length - at, joined.byteSize() - kept);
            MemorySegment.copy(rest, 0, joined, 0, kept);
            MemorySegment.copy(bytes, offset + at, joined, kept, now);
            int count = kept + now;
            keep(engine, joined, engine.receive(joined, 0, count), count);
            at += now;
        }
    }

    private void keep(Engine engine, MemorySegment bytes, long from, long to) {
        kept = engine.isReading() ? (int) (to - from) : 0;
        if (kept > 0) {
            MemorySegment.copy(bytes, from, rest, 0, kept);
        }
    }
}
