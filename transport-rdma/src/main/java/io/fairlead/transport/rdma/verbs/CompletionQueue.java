package io.fairlead.transport.rdma.verbs;

import static io.fairlead.transport.rdma.verbs.VerbsException.check;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/** Where requests of queue pairs end. */
public final class CompletionQueue implements AutoCloseable {
    private final NativeVerbs verbs;
    private final long handle;
    private final int depth;
    private final @Nullable CompletionChannel channel;

    CompletionQueue(NativeVerbs verbs, long handle, int depth, @Nullable CompletionChannel channel) {
        this.verbs = verbs;
        this.handle = handle;
        this.depth = depth;
        this.channel = channel;
    }

    /** How many completions fit, as granted. */
    public int depth() {
        return depth;
    }

    /**
     * Takes completions, up to the capacity of {@code completions}, and returns how many. Never blocks, allocates
     * nothing; one native call. Any thread, with an array of its own.
     */
    public int poll(CompletionArray completions) throws VerbsException {
        int polled = verbs.pollCompletions(handle, completions.capacity(), completions.address());
        Reference.reachabilityFence(completions);
        if (polled < 0) {
            throw new VerbsException("poll_cq", -polled);
        }
        return polled;
    }

    /** Asks for one event on the channel at the next completion, or at the next {@link SendRing#SOLICITED} one. */
    public void requestNotification(boolean solicitedOnly) throws VerbsException {
        check(verbs.requestNotify(handle, solicitedOnly), "req_notify_cq");
    }

    /**
     * Acknowledges events that {@link CompletionChannel#next} returned for this queue. It costs a lock, so do many at
     * once; {@link #close} does those that are left.
     */
    public void acknowledge(int events) throws VerbsException {
        check(verbs.acknowledgeCompletionEvents(handle, events), "ack_cq_events");
    }

    long handle() {
        return handle;
    }

    /** Does nothing the second time. @throws VerbsException EBUSY while it has queue pairs */
    @Override
    public void close() throws VerbsException {
        VerbsException.checkClose(verbs.destroyCompletionQueue(handle), "destroy_cq");
        if (channel != null) {
            channel.forget(this);
        }
    }
}
