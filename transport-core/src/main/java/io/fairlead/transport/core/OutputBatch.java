package io.fairlead.transport.core;

import io.fairlead.transport.core.ResponseQueue.Response;
import io.fairlead.transport.core.StagingPool.Staging;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way out, in order: staged headers and small payloads, and between them views of regions, each run of views behind its
 * headers. The wire writes from {@link #buffers()} and tells the engine; positions say how far it came. For the loop only.
 */
public final class OutputBatch {
    static final int MAX_BUFFERS = 64;

    private final @Nullable ByteBuffer[] buffers = new @Nullable ByteBuffer[MAX_BUFFERS];
    private final @Nullable RegisteredRegion[] regions = new @Nullable RegisteredRegion[MAX_BUFFERS];
    private final @Nullable Object[] owners = new @Nullable Object[MAX_BUFFERS];
    private final long[] offsets = new long[MAX_BUFFERS];
    private final DeferredCopies copies = new DeferredCopies();
    private final EventLoop loop;
    private @Nullable Staging staging;

    /** The batch is a single run, for which no buffer was wanted so far. */
    private boolean unseen;

    private int runCount;
    private int runStart;
    private int position;
    private int head;
    private int count;
    private long payloadBytes;

    /** Views from here to count wait for the headers of their run to be complete. */
    private int deferredFrom = -1;

    private long deferredHeader;

    OutputBatch(EventLoop loop) {
        this.loop = loop;
    }

    /** The buffers to write, from {@link #offset()} on, {@link #count()} of them; all have bytes left. */
    @SuppressWarnings("NullAway") // entries between offset and offset + count are set
    public ByteBuffer[] buffers() {
        if (unseen) {
            unseen = false;
            buffers[head] = nextRun();
        }
        return buffers;
    }

    public int offset() {
        return head;
    }

    public int count() {
        return count - head;
    }

    public boolean isEmpty() {
        return head == count;
    }

    /**
     * Whether the batch is one run of staged bytes of which none was written. Who can write it from {@link #runAddress()} needs no
     * buffer, and says so by {@link #runWritten()}.
     */
    public boolean isOneRun() {
        return unseen;
    }

    /** Where those bytes are. They stay until the engine is told that they were written. */
    public long runAddress() {
        return staged().address();
    }

    public int runBytes() {
        return position;
    }

    /** All of those bytes are written; the engine is to be told as of other buffers. */
    public void runWritten() {
        unseen = false;
    }

    // ---- filling -----------------------------------------------------------------------------------------------

    MemorySegment staged() {
        Staging now = staging;
        if (now == null) {
            now = loop.stagingPool().take();
            staging = now;
        }
        return now.segment();
    }

    /** Whether anything was put in since it was last empty. */
    boolean isStaged() {
        return position > 0 || count > 0;
    }

    /** Where the next staged byte goes. */
    int position() {
        return position;
    }

    void advance(int bytes) {
        position += bytes;
    }

    boolean hasRoom(int bytes) {
        return position + bytes <= StagingPool.BYTES && count + 4 <= MAX_BUFFERS;
    }

    long payloadBytes() {
        return payloadBytes;
    }

    void stage(MemorySegment from, long offset, int bytes) {
        if (payloadBytes == 0) {
            MemorySegment.copy(from, offset, staged(), position, bytes); // perhaps it stays the only one
        } else {
            copies.add(from, offset, staged(), position, bytes);
        }
        position += bytes;
        payloadBytes += bytes;
    }

    /**
     * Adds a view of a region behind the headers of its run; {@code owner} hears when it has left.
     *
     * @param header where its header stands, marked as deferred
     */
    void view(RegisteredRegion region, long offset, int bytes, Object owner, long header) {
        if (deferredFrom < 0) {
            deferredFrom = ++count; // one place is kept for the headers
        }
        deferredHeader = header;
        buffers[count] = region.view(offset, bytes);
        regions[count] = region;
        offsets[count] = offset;
        owners[count++] = owner;
        payloadBytes += bytes;
        if (count - deferredFrom > FrameHeader.MAX_DEFERRED) {
            endRun();
        }
    }

    /** What is staged next belongs to no run. */
    void endRun() {
        if (deferredFrom < 0) {
            return;
        }
        FrameHeader.endRun(staged(), deferredHeader);
        buffers[deferredFrom - 1] = nextRun();
        deferredFrom = -1;
    }

    /** Ends the filling. */
    void seal() {
        copies.makeAll();
        endRun();
        if (position > runStart) {
            unseen = count == 0;
            if (!unseen) {
                buffers[count] = nextRun();
            }
            count++;
        }
    }

    private ByteBuffer nextRun() {
        ByteBuffer run = Objects.requireNonNull(staging).run(runCount++);
        run.limit(position).position(runStart);
        runStart = position;
        return run;
    }

    // ---- emptying ----------------------------------------------------------------------------------------------

    /** Lets go of what has wholly left. */
    void sent(Initiator initiator, Target target) {
        if (unseen) {
            return;
        }
        while (head < count) {
            ByteBuffer first = buffers[head];
            if (first != null && first.hasRemaining()) {
                return;
            }
            drop(head++, initiator, target);
        }
        reset();
    }

    /** Lets go of everything; the stream has ended. */
    void discard(Initiator initiator, Target target) {
        while (head < count) {
            drop(head++, initiator, target);
        }
        copies.clear();
        reset();
    }

    private void drop(int at, Initiator initiator, Target target) {
        RegisteredRegion region = regions[at];
        ByteBuffer view = buffers[at];
        Object owner = owners[at];
        buffers[at] = null;
        if (region != null && view != null) {
            region.returnView(offsets[at], view);
            regions[at] = null;
            owners[at] = null;
            switch (owner) {
                case OperationSlot slot -> initiator.viewSent(slot);
                case Response response -> target.viewSent(response);
                case null, default -> throw new IllegalStateException("a view without an owner");
            }
        }
    }

    private void reset() {
        head = 0;
        count = 0;
        position = 0;
        runStart = 0;
        runCount = 0;
        unseen = false;
        payloadBytes = 0;
        Staging used = staging;
        if (used != null) {
            staging = null;
            loop.stagingPool().give(used);
        }
    }
}
