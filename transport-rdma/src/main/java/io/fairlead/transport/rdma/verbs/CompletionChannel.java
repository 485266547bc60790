package io.fairlead.transport.rdma.verbs;

import static io.fairlead.transport.rdma.verbs.VerbsException.check;

import io.fairlead.transport.rdma.verbs.binding.NativeVerbs;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Where completion queues announce that something came, for threads that would rather sleep than poll. */
public final class CompletionChannel implements AutoCloseable {
    private final NativeVerbs verbs;
    private final long handle;
    private final CopyOnWriteArrayList<CompletionQueue> queues = new CopyOnWriteArrayList<>();

    CompletionChannel(NativeVerbs verbs, long handle) {
        this.verbs = verbs;
        this.handle = handle;
    }

    /**
     * Waits up to {@code timeoutMs} until a queue whose notification was requested has something, and returns it; null
     * if none has. Each queue returned is one event to {@linkplain CompletionQueue#acknowledge acknowledge}. Request
     * the notification, poll once more, then wait here. For platform threads: a virtual one would pin its carrier.
     *
     * @throws VerbsException with {@link Errno#ESTALE} if the channel is closed, also while waiting
     */
    public @Nullable CompletionQueue next(int timeoutMs) throws VerbsException {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("timeoutMs is " + timeoutMs);
        }
        long queue = check(verbs.nextCompletionEvent(handle, timeoutMs), "get_cq_event");
        if (queue != 0) {
            for (int i = 0; i < queues.size(); i++) {
                CompletionQueue candidate = queues.get(i);
                if (candidate.handle() == queue) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** Lets the thread in {@link #next} return null at once; if none is there, the next one. Any thread. */
    public void wake() throws VerbsException {
        check(verbs.wakeCompletionChannel(handle), "wake a completion channel");
    }

    void add(CompletionQueue queue) {
        queues.add(queue);
    }

    void forget(CompletionQueue queue) {
        queues.remove(queue);
    }

    long handle() {
        return handle;
    }

    /** Wakes who waits in {@link #next}. Does nothing the second time. @throws VerbsException EBUSY while it has queues */
    @Override
    public void close() throws VerbsException {
        VerbsException.checkClose(verbs.destroyCompletionChannel(handle), "destroy_comp_channel");
    }
}
