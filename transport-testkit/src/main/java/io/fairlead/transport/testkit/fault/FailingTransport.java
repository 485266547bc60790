package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Message;
import io.fairlead.transport.Operation;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.CompletionLog.RequestSubmission;
import io.fairlead.transport.testkit.CompletionLog.Submission;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses some operations as if there were no room, and tells of others, which in truth were done, that their outcome
 * is unknown: the two answers that applications handle wrong most often.
 */
public final class FailingTransport extends ForwardingTransport {
    private final Chance chance;
    private final double refused;
    private final double unknown;

    /**
     * @param refused the share of operations that find no room, 0 to 1
     * @param unknown the share of the others whose outcome is hidden
     */
    public FailingTransport(Transport inner, long seed, double refused, double unknown) {
        super(inner);
        this.chance = new Chance(seed);
        this.refused = refused;
        this.unknown = unknown;
    }

    @Override
    protected Connection decorate(Connection connection) {
        return new Failing(connection);
    }

    private static TransportException hidden() {
        return new TransportException(ErrorCode.OUTCOME_UNKNOWN, "made up by a failing transport");
    }

    private final class Failing extends ForwardingConnection {
        Failing(Connection inner) {
            super(FailingTransport.this, inner);
        }

        @Override
        protected long submit(Call call, Completion completion, long context, Submission form) {
            if (chance.hits(refused)) {
                return ErrorCode.BACK_PRESSURED.refusal();
            }
            return super.submit(call, chance.hits(unknown) ? new Hiding(completion) : completion, context, form);
        }

        @Override
        protected long submitRequest(Call call, ReplyHandler handler, long context, RequestSubmission form) {
            if (chance.hits(refused)) {
                return ErrorCode.BACK_PRESSURED.refusal();
            }
            return super.submitRequest(call, chance.hits(unknown) ? new HidingReply(handler) : handler, context, form);
        }

        @Override
        protected <T extends @Nullable Object> Operation<T> start(Call call, Supplier<Operation<T>> form) {
            if (chance.hits(refused)) {
                return new ForwardedOperation<>(
                        CompletableFuture.failedFuture(
                                new TransportException(ErrorCode.BACK_PRESSURED, "made up by a failing transport")),
                        CompletableFuture.completedFuture(null),
                        () -> {});
            }
            Operation<T> operation = super.start(call, form);
            if (!chance.hits(unknown)) {
                return operation;
            }
            CompletableFuture<T> result =
                    operation.result().thenCompose(value -> CompletableFuture.failedFuture(hidden()));
            return new ForwardedOperation<>(result, operation.released(), operation::cancel);
        }
    }

    private record Hiding(Completion inner) implements Completion {
        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            inner.completed(context, failure == null ? hidden() : failure, 0);
        }

        @Override
        public void released(long context) {
            inner.released(context);
        }
    }

    private record HidingReply(ReplyHandler inner) implements ReplyHandler {
        @Override
        public void replied(long context, @Nullable Message reply, @Nullable TransportException failure) {
            inner.replied(context, null, failure == null ? hidden() : failure);
        }

        @Override
        public void released(long context) {
            inner.released(context);
        }
    }
}
