package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.Operation;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.CompletionLog.Submission;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells of ends late: each completion, and with it the release of its buffer, comes after a pause of its own, on
 * another thread than the loop; those of two operations may change places, as they may for two connections anyhow. Replies come
 * as they are, since their message is valid only during the call.
 */
public final class DelayingTransport extends ForwardingTransport {
    private final Chance chance;
    private final Duration longest;
    private final ScheduledThreadPoolExecutor late = new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("fairlead-delay").unstarted(task));

    public DelayingTransport(Transport inner, long seed, Duration longest) {
        super(inner);
        this.chance = new Chance(seed);
        this.longest = longest;
    }

    @Override
    protected Connection decorate(Connection connection) {
        return new Delaying(connection);
    }

    @Override
    public CompletableFuture<CloseOutcome> close(Duration drain) {
        // What is on its way is still told: a shut executor runs its delayed tasks to the end.
        return super.close(drain).whenComplete((outcome, failure) -> late.shutdown());
    }

    @Override
    public void close() {
        super.close();
        late.shutdown();
    }

    private void later(long delayNs, Runnable task) {
        if (late.isShutdown()) {
            task.run();
        } else {
            var _ = late.schedule(task, delayNs, TimeUnit.NANOSECONDS);
        }
    }

    private final class Delaying extends ForwardingConnection {
        Delaying(Connection inner) {
            super(DelayingTransport.this, inner);
        }

        @Override
        protected long submit(Call call, Completion completion, long context, Submission form) {
            return super.submit(call, new Late(completion, chance.upToNs(longest)), context, form);
        }

        @Override
        protected <T extends @Nullable Object> Operation<T> start(Call call, Supplier<Operation<T>> form) {
            Operation<T> operation = super.start(call, form);
            long delayNs = chance.upToNs(longest);
            return new ForwardedOperation<>(
                    delayed(operation.result(), delayNs), delayed(operation.released(), delayNs), operation::cancel);
        }

        private <T extends @Nullable Object> CompletableFuture<T> delayed(CompletableFuture<T> future, long delayNs) {
            CompletableFuture<T> told = new CompletableFuture<>();
            var _ = future.whenComplete((value, failure) -> later(delayNs, () -> {
                if (failure == null) {
                    told.complete(value);
                } else {
                    told.completeExceptionally(failure);
                }
            }));
            return told;
        }
    }

    /** Both calls wait as long, so that they keep their order. */
    private final class Late implements Completion {
        private final Completion inner;
        private final long delayNs;

        Late(Completion inner, long delayNs) {
            this.inner = inner;
            this.delayNs = delayNs;
        }

        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            later(delayNs, () -> inner.completed(context, failure, value));
        }

        @Override
        public void released(long context) {
            later(delayNs, () -> inner.released(context));
        }
    }
}
