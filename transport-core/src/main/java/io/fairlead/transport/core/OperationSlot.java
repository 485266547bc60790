package io.fairlead.transport.core;

import io.fairlead.transport.BufferPool.PooledBuffer;
import io.fairlead.transport.Completion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.RegionDescriptor.ProviderKey;
import io.fairlead.transport.ReplyHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation from its acceptance to its end; used again and again. The submitter fills it under the lock of the
 * {@link OperationTable}; after that its fields belong to the loop.
 */
final class OperationSlot implements OneSidedOperation {
    static final int INDEX_BITS = 17;

    final int index;

    /** How often the slot was used; part of the operation's number, so that an old number finds nothing. */
    int generation;

    OperationKind kind = OperationKind.FENCE;

    @Nullable
    RegisteredRegion region;

    long localOffset;
    long length;

    @Nullable
    RegionDescriptor target;

    long targetOffset;
    int tag;
    long operand;
    long replacement;

    /** Of the request that a reply answers. */
    long requestId;

    /** Not null for a reply that says why there is none; then there is no region. */
    byte @Nullable [] refusal;

    /** A lease that the provider took for the caller's bytes. */
    @Nullable
    PooledBuffer lease;

    long startNs;
    long deadlineNs;

    @Nullable
    Completion completion;

    @Nullable
    ReplyHandler replyHandler;

    long context;

    /** Number on the wire once the first frame is made. */
    int sequence;

    /** Bytes put into frames, or received. */
    long progress;

    /** Views of the source that wait for the network. */
    int viewsOut;

    /** Taken and not given back. */
    boolean live;

    boolean queued;
    boolean started;
    boolean sent;

    /** The peer still owes an acknowledgement or an answer. */
    boolean awaited;

    /** The frame that costs the peer's credit has been made. */
    boolean creditUsed;

    boolean ended;
    boolean released;

    OperationSlot(int index) {
        this.index = index;
    }

    // ---- as a network card sees it -----------------------------------------------------------------------------

    @Override
    public Kind kind() {
        return switch (kind) {
            case WRITE -> Kind.WRITE;
            case WRITE_NOTIFY -> Kind.WRITE_NOTIFY;
            case READ -> Kind.READ;
            case COMPARE_AND_SWAP -> Kind.COMPARE_AND_SWAP;
            case FETCH_AND_ADD -> Kind.FETCH_AND_ADD;
            default -> throw new IllegalStateException(kind + " is no operation on memory");
        };
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long localAddress() {
        return Objects.requireNonNull(region).address() + localOffset;
    }

    @Override
    public boolean ownsLocal() {
        return Objects.requireNonNull(region).ownsMemory();
    }

    @Override
    public int localKey() {
        return Objects.requireNonNull(region).localKey();
    }

    private ProviderKey remote() {
        // Checked when the operation was let in.
        return Objects.requireNonNull(Objects.requireNonNull(target).providerKey());
    }

    @Override
    public long remoteAddress() {
        return remote().address() + targetOffset;
    }

    @Override
    public int remoteKey() {
        return (int) remote().key();
    }

    @Override
    public int tag() {
        return tag;
    }

    @Override
    public long operand() {
        return operand;
    }

    @Override
    public long replacement() {
        return replacement;
    }

    // ---- its use -----------------------------------------------------------------------------------------------

    long number() {
        return (long) generation << INDEX_BITS | index;
    }

    void clear() {
        generation = (generation + 1) & Integer.MAX_VALUE;
        region = null;
        target = null;
        refusal = null;
        lease = null;
        completion = null;
        replyHandler = null;
        length = 0;
        progress = 0;
        viewsOut = 0;
        live = false;
        queued = false;
        started = false;
        sent = false;
        awaited = false;
        creditUsed = false;
        ended = false;
        released = false;
    }
}
