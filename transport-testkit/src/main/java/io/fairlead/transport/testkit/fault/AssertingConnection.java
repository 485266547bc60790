package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.Operation;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.CompletionLog.RequestSubmission;
import io.fairlead.transport.testkit.CompletionLog.Submission;
import io.fairlead.transport.testkit.fault.BuffersInUse.Use;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that notes which buffers are in use, which requests are open, and where its callbacks run. */
final class AssertingConnection extends ForwardingConnection {
    private final CallerFaults faults;
    private final BuffersInUse buffers;
    private final Set<Long> open = ConcurrentHashMap.newKeySet();

    AssertingConnection(Transport transport, Connection inner, CallerFaults faults, BuffersInUse buffers) {
        super(transport, inner);
        this.faults = faults;
        this.buffers = buffers;
    }

    /** A request came and wants one answer. */
    void asked(long requestId) {
        open.add(requestId);
    }

    private void answered(long requestId) {
        if (!open.remove(requestId)) {
            faults.add("request " + requestId + " was answered twice, or never asked");
        }
    }

    @Override
    public long tryReply(
            long requestId,
            MemoryRegion source,
            long sourceOffset,
            long length,
            long timeoutNs,
            Completion completion,
            long context) {
        boolean first = open.contains(requestId);
        long answer = super.tryReply(requestId, source, sourceOffset, length, timeoutNs, completion, context);
        if (answer >= 0 || !first) {
            answered(requestId);
        }
        return answer;
    }

    @Override
    public Operation<@Nullable Void> reply(long requestId, MemorySegment message) {
        answered(requestId);
        return super.reply(requestId, message);
    }

    @Override
    public Operation<@Nullable Void> refuse(long requestId, String reason) {
        answered(requestId);
        return super.refuse(requestId, reason);
    }

    @Override
    protected long timeoutNs(long asked) {
        if (asked <= 0) {
            faults.add("a time-out of " + asked + " ns");
        }
        return asked;
    }

    @Override
    protected Duration timeout(Duration asked) {
        if (!asked.isPositive()) {
            faults.add("a time-out of " + asked);
        }
        return asked;
    }

    @Override
    protected long submit(Call call, Completion completion, long context, Submission form) {
        Use use = buffers.begin(call);
        long answer = super.submit(call, new Watched(completion, use), context, form);
        if (answer < 0) {
            buffers.end(use, false);
        }
        return answer;
    }

    @Override
    protected long submitRequest(Call call, ReplyHandler handler, long context, RequestSubmission form) {
        Use use = buffers.begin(call);
        long answer = super.submitRequest(call, new WatchedReply(handler, use), context, form);
        if (answer < 0) {
            buffers.end(use, false);
        }
        return answer;
    }

    @Override
    protected <T extends @Nullable Object> Operation<T> start(Call call, Supplier<Operation<T>> form) {
        Use use = buffers.begin(call);
        Operation<T> operation = super.start(call, form);
        var _ = operation.released().whenComplete((none, failure) -> buffers.end(use, true));
        return new WatchedOperation<>(operation, faults);
    }

    @Override
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        if (!open.isEmpty() && state() == State.OPEN) {
            faults.add(open.size() + " requests were never answered");
        }
        return super.close(drain);
    }

    private record WatchedOperation<T extends @Nullable Object>(Operation<T> inner, CallerFaults faults)
            implements Operation<T> {
        @Override
        public CompletableFuture<T> result() {
            return inner.result();
        }

        @Override
        public CompletableFuture<@Nullable Void> released() {
            return inner.released();
        }

        @Override
        public void cancel() {
            inner.cancel();
        }

        @Override
        public T await() {
            faults.blocks("waiting for an operation");
            return inner.await();
        }
    }

    private final class Watched implements Completion {
        private final Completion inner;
        private final @Nullable Use use;

        Watched(Completion inner, @Nullable Use use) {
            this.inner = inner;
            this.use = use;
        }

        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            faults.inCallback("a completion", () -> inner.completed(context, failure, value));
        }

        @Override
        public void released(long context) {
            buffers.end(use, true);
            faults.inCallback("a completion", () -> inner.released(context));
        }
    }

    private final class WatchedReply implements ReplyHandler {
        private final ReplyHandler inner;
        private final @Nullable Use use;

        WatchedReply(ReplyHandler inner, @Nullable Use use) {
            this.inner = inner;
            this.use = use;
        }

        @Override
        public void replied(long context, @Nullable Message reply, @Nullable TransportException failure) {
            GuardedMessage guarded = reply == null ? null : new GuardedMessage(reply, faults);
            try {
                faults.inCallback("a reply's handler", () -> inner.replied(context, guarded, failure));
            } finally {
                if (guarded != null) {
                    guarded.over();
                }
            }
        }

        @Override
        public void released(long context) {
            buffers.end(use, true);
            faults.inCallback("a reply's handler", () -> inner.released(context));
        }
    }
}
