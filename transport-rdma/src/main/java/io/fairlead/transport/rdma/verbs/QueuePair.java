package io.fairlead.transport.rdma.verbs;

import static io.fairlead.transport.rdma.verbs.VerbsException.check;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.lang.ref.Reference;

/** A reliable connected queue pair. */
public final class QueuePair implements AutoCloseable {
    private final NativeVerbs verbs;
    private final long handle;
    private final QueuePairCapacity capacity;

    QueuePair(NativeVerbs verbs, long handle, QueuePairCapacity capacity) {
        this.verbs = verbs;
        this.handle = handle;
        this.capacity = capacity;
    }

    /** What the device granted; at least what was asked. */
    public QueuePairCapacity capacity() {
        return capacity;
    }

    public int number() throws VerbsException {
        return check(verbs.queuePairNumber(handle), "number of a queue pair");
    }

    public QueuePairState state() throws VerbsException {
        return QueuePairState.of(check(verbs.queuePairState(handle), "query_qp"));
    }

    /**
     * Posts {@code count} slots of the ring, beginning with {@code first} and wrapping round at its end, by one native
     * call. Never blocks, allocates nothing. The slots and the memory they name must be left alone until their
     * completion, or a later signalled one of this queue pair; inline payload until this returns. Any thread, but a ring
     * has one writer.
     *
     * @throws VerbsException {@link Errno#ENOMEM} if the send queue is full; {@link VerbsException#postedBeforeFailure}
     *     tells how many were posted all the same
     */
    public void post(SendRing ring, int first, int count) throws VerbsException {
        int result = verbs.postSend(handle, ring.chain(first, count));
        Reference.reachabilityFence(ring);
        if (result < 0) {
            throw new VerbsException("post_send of " + count, -result, verbs.postedBeforeFailure());
        }
    }

    /** As {@link #post(SendRing, int, int)}, for receives. */
    public void post(ReceiveRing ring, int first, int count) throws VerbsException {
        int result = verbs.postReceive(handle, ring.chain(first, count));
        Reference.reachabilityFence(ring);
        if (result < 0) {
            throw new VerbsException("post_recv of " + count, -result, verbs.postedBeforeFailure());
        }
    }

    /**
     * What a peer is told to wait if no receive is posted, by the code of the InfiniBand specification, table 45: 0 is
     * 655 ms, which is the default, 12 is 0.64 ms, 14 is 1.28 ms. On a connected queue pair only.
     */
    public void setMinRnrTimer(int code) throws VerbsException {
        if (code < 0 || code > 31) {
            throw new IllegalArgumentException("code of the RNR timer is " + code + ", not in 0 to 31");
        }
        check(verbs.setMinRnrTimer(handle, code), "modify_qp to RNR timer " + code);
    }

    /** Gives the connection up: all that is posted is flushed. The peer is not told; see {@link ConnectionId}. */
    public void setError() throws VerbsException {
        check(verbs.setQueuePairError(handle), "modify_qp to ERROR");
    }

    long handle() {
        return handle;
    }

    /** Completions of what was posted may be lost, so drain first. Does nothing the second time. */
    @Override
    public void close() throws VerbsException {
        VerbsException.checkClose(verbs.destroyQueuePair(handle), "destroy_qp");
    }
}
