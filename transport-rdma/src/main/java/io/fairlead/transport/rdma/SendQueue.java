package io.fairlead.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.fairlead.transport.core.Engine;
import io.fairlead.transport.core.OneSided;
import io.fairlead.transport.core.OneSidedOperation;
import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.SendRing;
import io.fairlead.transport.rdma.verbs.VerbsException;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one connection: SENDs of frames from slots that are used in turn, and operations on memory. All that is made in a turn is
 * posted by one native call. For the loop only.
 */
final class SendQueue implements OneSided {
    private final QueuePair pair;
    private final RdmaCounts counts;
    private final SlotMemory memory;
    private final SendRing ring;
    private final SendAccount account;
    private final @Nullable OneSidedOperation[] operations;
    private final boolean[] frames;
    private final int place;
    private final int generation;
    private final int buffers;
    private final int inlineBytes;
    private int nextBuffer;
    private int buffersTaken;
    private int notifiesLeft;
    private int notifiesTaken;

    SendQueue(QueuePair pair, RdmaCounts counts, SlotMemory memory, int depth, int buffers, int place, int generation) {
        this.pair = pair;
        this.counts = counts;
        this.memory = memory;
        this.buffers = buffers;
        this.place = place;
        this.generation = generation;
        ring = new SendRing(depth, 1);
        account = new SendAccount(depth);
        operations = new @Nullable OneSidedOperation[depth];
        frames = new boolean[depth];
        inlineBytes = pair.capacity().inlineBytes();
    }

    // ---- frames --------------------------------------------------------------------------------------------------

    /** Whether another SEND can be made. */
    boolean hasRoom() {
        return buffersTaken < buffers && account.hasRoom();
    }

    /** The slot that the bytes of the next SEND go to. */
    int buffer() {
        return nextBuffer;
    }

    /** Makes a SEND of so many bytes of {@link #buffer()}. */
    void send(int bytes, int immediate) {
        int number = account.take();
        int slot = account.place(number);
        int flags = SendRing.SIGNALED | (bytes <= inlineBytes ? SendRing.INLINE : 0);
        ring.sendWithImmediate(slot, WorkId.send(place, generation, number), flags, immediate);
        if (bytes > 0) {
            ring.local(slot, memory.address(memory.sendAt(nextBuffer)), bytes, memory.key());
        }
        frames[slot] = true;
        buffersTaken++;
        nextBuffer = nextBuffer + 1 == buffers ? 0 : nextBuffer + 1;
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

    @Override
    public boolean post(OneSidedOperation operation) {
        if (!account.hasRoom()) {
            return false;
        }
        boolean notify = operation.kind() == OneSidedOperation.Kind.WRITE_NOTIFY;
        if (notify && notifiesTaken >= notifiesLeft) {
            return false;
        }
        int number = account.take();
        int slot = account.place(number);
        long id = WorkId.send(place, generation, number);
        operations[slot] = operation;
        long at = operation.remoteAddress();
        int key = operation.remoteKey();
        int length = Math.toIntExact(operation.length());
        boolean inline = length <= inlineBytes;
        int flags = SendRing.SIGNALED;
        switch (operation.kind()) {
            case WRITE -> ring.write(slot, id, inline ? flags | SendRing.INLINE : flags, at, key);
            case WRITE_NOTIFY -> {
                notifiesTaken++;
                ring.writeWithImmediate(slot, id, inline ? flags | SendRing.INLINE : flags, at, key, operation.tag());
            }
            case READ -> ring.read(slot, id, flags, at, key);
            case COMPARE_AND_SWAP ->
                ring.compareAndSwap(slot, id, flags, at, key, operation.operand(), operation.replacement());
            case FETCH_AND_ADD -> ring.fetchAndAdd(slot, id, flags, at, key, operation.operand());
        }
        if (operation.kind().isAtomic()) {
            ring.local(slot, memory.address(memory.wordAt(slot)), Long.BYTES, memory.key());
        } else if (length > 0) {
            ring.local(slot, operation.localAddress(), length, operation.localKey());
        }
        return true;
    }

    // ---- posting and completing ----------------------------------------------------------------------------------

    /** Posts all that was made, by one native call. */
    void post() throws VerbsException {
        int count = account.unposted();
        if (count > 0) {
            pair.post(ring, account.place(account.firstUnposted()), count);
            account.allPosted();
            counts.posts.increment();
            counts.requests.add(count);
            counts.queueDepth.add(count);
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
        counts.queueDepth.decrement();
        OneSidedOperation operation = operations[slot];
        operations[slot] = null;
        if (frames[slot]) {
            frames[slot] = false;
            buffersTaken--;
        }
        if (operation == null || engine == null) {
            return;
        }
        if (!failed) {
            engine.oneSidedDone(operation, operation.kind().isAtomic() ? oldValue(slot) : operation.length());
        } else if (refused) {
            engine.oneSidedRefused(operation);
        } else {
            engine.oneSidedLost(operation);
        }
    }

    private long oldValue(int slot) {
        return memory.segment().get(JAVA_LONG, memory.wordAt(slot));
    }
}
