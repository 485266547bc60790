package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.Operation;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.Transport;
import io.fairlead.transport.testkit.CompletionLog.RequestSubmission;
import io.fairlead.transport.testkit.CompletionLog.Submission;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Loses each connection after some operations: it is forced to close right after one that was accepted. */
public final class LosingTransport extends ForwardingTransport {
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private final Chance chance;
    private final int operations;

    /** @param operations a connection lives for 1 to this many */
    public LosingTransport(Transport inner, long seed, int operations) {
        super(inner);
        this.chance = new Chance(seed);
        this.operations = operations;
    }

    @Override
    protected Connection decorate(Connection connection) {
        return new Losing(this, connection, chance.upTo(operations));
    }

    private static final class Losing extends ForwardingConnection {
        private final AtomicInteger left;

        Losing(Transport transport, Connection inner, int operations) {
            super(transport, inner);
            this.left = new AtomicInteger(operations);
        }

        private void one() {
            if (left.decrementAndGet() == 0) {
                var _ = inner().close(AT_ONCE);
            }
        }

        @Override
        protected long submit(Call call, Completion completion, long context, Submission form) {
            long answer = super.submit(call, completion, context, form);
            if (answer >= 0) {
                one();
            }
            return answer;
        }

        @Override
        protected long submitRequest(Call call, ReplyHandler handler, long context, RequestSubmission form) {
            long answer = super.submitRequest(call, handler, context, form);
            if (answer >= 0) {
                one();
            }
            return answer;
        }

        @Override
        protected <T extends @Nullable Object> Operation<T> start(Call call, Supplier<Operation<T>> form) {
            Operation<T> operation = super.start(call, form);
            one();
            return operation;
        }
    }
}
