package io.fairlead.transport.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Small native buffers in which headers and small payloads meet the network. A connection has one only while it reads, or while
 * bytes wait to be written; the one given back last is lent first, since it is still in the processor's cache. For one loop. Holds
 * on to a bounded number; the rest is left to the garbage collector.
 */
public final class StagingPool {
    /** Bytes of a staging buffer: room for a batch of small frames, small enough for thousands of connections. */
    public static final int BYTES = 64 * 1024;

    private static final int KEPT = 128;

    /**
     * A staging buffer, seen both ways.
     *
     * @param segment the memory
     * @param buffer the same memory; position and limit are as its last holder left them
     * @param runs more views of it, made when first wanted
     */
    public record Staging(
            MemorySegment segment,
            ByteBuffer buffer,
            @Nullable ByteBuffer[] runs) {
        ByteBuffer run(int number) {
            ByteBuffer run = runs[number];
            if (run == null) {
                run = buffer.duplicate();
                runs[number] = run;
            }
            return run;
        }
    }

    private final @Nullable Staging[] free = new @Nullable Staging[KEPT];
    private int count;

    public Staging take() {
        Staging kept = count == 0 ? null : free[--count];
        if (kept != null) {
            return kept;
        }
        MemorySegment segment = Arena.ofAuto().allocate(BYTES, 64);
        return new Staging(segment, segment.asByteBuffer(), new @Nullable ByteBuffer[OutputBatch.MAX_BUFFERS]);
    }

    /** Takes a buffer back that nothing uses any more. */
    public void give(Staging staging) {
        if (count < KEPT) {
            free[count++] = staging;
        }
    }
}
