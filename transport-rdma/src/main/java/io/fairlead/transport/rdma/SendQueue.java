package io.fairlead.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.OneSided;
import io.fairlead.transport.core.OneSidedOperation;
import io.fairlead.transport.core.OneSidedOperation.Kind;
import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.SendRing;
import io.fairlead.transport.rdma.verbs.VerbsException;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one connection: SENDs of frames from slots that are used in turn, and operations on memory. All that is made in a turn is
 * posted by one native call. A completion costs time on both sides of the bus, so it is wanted of few: of each operation that somebody
 * waits for, but not of small writes with another right behind, and of a SEND now and then, so that slots come back. For the loop only.
 */
final class SendQueue implements OneSided {
    /** A larger write has a completion of its own, and so has the one before it, which should not wait for it. */
    private static final int SMALL_BYTES = 4096;

    /** An operation on memory goes in parts of at most so many bytes. */
    private static final int MOST_PART_BYTES = 1 << 20;

    /** Local buffers of a request: a header and a payload. */
    static final int SGES = 2;

    private static final int NONE = -1;

    private final QueuePair pair;
    private final RdmaCounts counts;
    private final SlotMemory memory;
    private final SendRing ring;
    private final SendAccount account;
    private final @Nullable OneSidedOperation[] operations;
    private final boolean[] frames;

    /** Bytes of the part of an operation in each place, and whether that is its last. */
    private final int[] partBytes;

    private final boolean[] lastParts;
    private final int place;
    private final int generation;
    private final int buffers;
    private final int inlineBytes;
    private final int mostPostedBytes;
    private long postedBytes;
    private final int signalEvery;
    private int unsignaledSends;

    /** The place of a small write, not posted yet, whose completion the next one's would tell; or none. */
    private int unsignaledWrite = NONE;

    private boolean draining;
    private int nextBuffer;
    private int buffersTaken;
    private int notifiesLeft;
    private int notifiesTaken;

    SendQueue(
            QueuePair pair,
            RdmaCounts counts,
            SlotMemory memory,
            int depth,
            int buffers,
            int mostPostedBytes,
            int place,
            int generation) {
        this.mostPostedBytes = mostPostedBytes;
        this.pair = pair;
        this.counts = counts;
        this.memory = memory;
        this.buffers = buffers;
        this.place = place;
        this.generation = generation;
        ring = new SendRing(depth, SGES);
        account = new SendAccount(depth);
        operations = new @Nullable OneSidedOperation[depth];
        frames = new boolean[depth];
        partBytes = new int[depth];
        lastParts = new boolean[depth];
        inlineBytes = pair.capacity().inlineBytes();
        signalEvery = Math.min(buffers, depth) / 4;
    }

    // ---- frames --------------------------------------------------------------------------------------------------

    /** Whether another SEND can be made. */
    boolean hasRoom() {
        return buffersTaken < buffers && account.hasRoom();
    }

    /** Where in the slots' memory the next SEND takes its bytes from. */
    int buffer() {
        return memory.sendAt(nextBuffer);
    }

    /** Makes a SEND of so many bytes of {@link #buffer}. */
    void send(int bytes, int immediate) {
        int slot = begin(bytes <= inlineBytes ? SendRing.INLINE : 0, immediate);
        if (bytes > 0) {
            ring.local(slot, memory.outgoingAddress(buffer()), bytes, memory.key());
            frames[slot] = true;
            buffersTaken++;
            nextBuffer = nextBuffer + 1 == buffers ? 0 : nextBuffer + 1;
        }
    }

    /** Whether a SEND of so many bytes can be made by {@link #sendInline}. */
    boolean takesInline(int bytes) {
        return bytes <= inlineBytes && account.hasRoom();
    }

    /** Makes a SEND of bytes that the device copies when it is posted: they lie anywhere, and must stay until then only. */
    void sendInline(long address, int bytes, int immediate) {
        ring.local(begin(SendRing.INLINE, immediate), address, bytes, 0);
    }

    /** Posts a SEND of sixteen bytes and what lies at {@code address}, with all that was made before. That is not looked at afterwards. */
    void sendNow(long first, long second, long address, int bytes, int immediate) throws VerbsException {
        int slot = begin(SendRing.INLINE, immediate);
        ring.localWords(slot, first, second);
        if (bytes > 0) {
            ring.local(slot, 1, address, bytes, 0);
        }
        try {
            post();
        } catch (VerbsException e) {
            // What was not posted is offered again when the connection is taken apart, and then the payload may be
            // gone.
            ring.noLocal(slot);
            throw e;
        }
    }

    private int begin(int flags, int immediate) {
        int number = account.take();
        int slot = account.place(number);
        int signaled = 0;
        if (++unsignaledSends == signalEvery) {
            unsignaledSends = 0;
            signaled = SendRing.SIGNALED;
        }
        ring.sendWithImmediate(slot, WorkId.send(place, generation, number), flags | signaled, immediate);
        return slot;
    }

    // ---- operations on memory ------------------------------------------------------------------------------------

    /** So many writes with a notification may be made: each takes a receive of the peer. */
    void notifiesLeft(int count) {
        notifiesLeft = Math.max(0, count);
        notifiesTaken = 0;
    }

    int notifiesTaken() {
        return notifiesTaken;
    }

    /** Several parts may be under way, so that the wire is never idle between two. */
    @Override
    public int partBytes() {
        return Math.min(mostPostedBytes / 4, MOST_PART_BYTES);
    }

    @Override
    public boolean post(OneSidedOperation operation, long from, int bytes, boolean last) {
        if (!account.hasRoom() || postedBytes > 0 && postedBytes + bytes > mostPostedBytes) {
            return false;
        }
        Kind kind = operation.kind();
        boolean notify = last && kind == Kind.WRITE_NOTIFY;
        if (notify && notifiesTaken >= notifiesLeft) {
            return false;
        }
        int number = account.take();
        int slot = account.place(number);
        long id = WorkId.send(place, generation, number);
        operations[slot] = operation;
        partBytes[slot] = bytes;
        lastParts[slot] = last;
        postedBytes += bytes;
        long at = operation.remoteAddress() + from;
        int key = operation.remoteKey();
        boolean small = bytes <= SMALL_BYTES;
        switch (kind) {
            case WRITE, WRITE_NOTIFY -> {
                int writeFlags = bytes <= inlineBytes && operation.ownsLocal() ? SendRing.INLINE : 0;
                if (notify) {
                    notifiesTaken++;
                    ring.writeWithImmediate(slot, id, writeFlags, at, key, operation.tag());
                } else {
                    ring.write(slot, id, writeFlags, at, key);
                }
            }
            case READ -> {
                small = false;
                ring.read(slot, id, SendRing.SIGNALED, at, key);
            }
            case COMPARE_AND_SWAP -> {
                small = false;
                ring.compareAndSwap(slot, id, SendRing.SIGNALED, at, key, operation.operand(), operation.replacement());
            }
            case FETCH_AND_ADD -> {
                small = false;
                ring.fetchAndAdd(slot, id, SendRing.SIGNALED, at, key, operation.operand());
            }
        }
        if (small) {
            unsignaledWrite = slot;
        } else {
            signalWrite();
            ring.signal(slot);
        }
        if (kind.isAtomic()) {
            ring.local(slot, memory.address(memory.wordAt(slot)), Long.BYTES, memory.key());
        } else if (bytes > 0) {
            ring.local(slot, operation.localAddress() + from, bytes, operation.localKey());
        }
        return true;
    }

    // ---- posting and completing ----------------------------------------------------------------------------------

    private void signalWrite() {
        if (unsignaledWrite != NONE) {
            ring.signal(unsignaledWrite);
            unsignaledWrite = NONE;
        }
    }

    /**
     * Makes one more request, whose completion tells of all before it, if there are any and their own would not. It takes a receive of the
     * peer, if the queue pair is still in use. Nothing may be sent after it.
     */
    void drain(int immediate) {
        if (!isIdle() && !draining) {
            draining = true;
            int number = account.take();
            long id = WorkId.send(place, generation, number);
            ring.sendWithImmediate(account.place(number), id, SendRing.SIGNALED, immediate);
        }
    }

    /** Posts all that was made, by one native call. */
    void post() throws VerbsException {
        int count = account.unposted();
        if (count > 0) {
            signalWrite();
            pair.post(ring, account.place(account.firstUnposted()), count);
            account.allPosted();
            counts.posts++;
            counts.requests += count;
            counts.queueDepth += count;
        }
    }

    boolean isIdle() {
        return account.underWay() == 0;
    }

    /** This request is complete, and with it all before. */
    void completed(int number, @Nullable Engine engine) {
        while (account.isUnderWay(number)) {
            end(engine, false, false);
        }
    }

    /** This request failed or was flushed; those before it are complete. */
    void failed(int number, @Nullable Engine engine, boolean refused) {
        while (account.isUnderWay(number)) {
            boolean last = account.oldest() == number;
            end(engine, last, last && refused);
        }
    }

    /** Nothing that is left completes any more. */
    void flushed(@Nullable Engine engine) {
        while (account.underWay() > 0) {
            end(engine, true, false);
        }
    }

    private void end(@Nullable Engine engine, boolean failed, boolean refused) {
        int slot = account.place(account.oldest());
        account.retire();
        counts.queueDepth--;
        OneSidedOperation operation = operations[slot];
        operations[slot] = null;
        if (frames[slot]) {
            frames[slot] = false;
            buffersTaken--;
        }
        if (operation == null) {
            return;
        }
        postedBytes -= partBytes[slot];
        if (engine == null) {
            return;
        }
        if (refused) {
            engine.oneSidedRefused(operation);
        } else if (failed || !lastParts[slot]) {
            engine.oneSidedOver(operation);
        } else {
            engine.oneSidedDone(operation, operation.kind().isAtomic() ? oldValue(slot) : operation.length());
        }
    }

    private long oldValue(int slot) {
        return memory.segment().get(JAVA_LONG, memory.wordAt(slot));
    }
}
