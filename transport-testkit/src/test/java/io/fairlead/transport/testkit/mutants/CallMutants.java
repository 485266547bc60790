package io.fairlead.transport.testkit.mutants;

import io.fairlead.transport.CloseOutcome;
import io.fairlead.transport.Completion;
import io.fairlead.transport.Connection;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.testkit.CompletionLog.Submission;
import io.fairlead.transport.testkit.fault.Call;
import io.fairlead.transport.testkit.fault.ForwardingConnection;
import io.fairlead.transport.testkit.fault.ForwardingTransport;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Faults in what a connection does with the calls it gets. */
final class CallMutants {
    private static final int EVERY = 100;

    private CallMutants() {}

    static List<Mutant> all() {
        return List.of(
                completions("losesOneCompletionInAHundred", List.of(2, 3), LosesSome::new),
                completions("completesOneInAHundredTwice", List.of(2, 3), TwiceSome::new),
                completions("releasesABufferAtAFailure", List.of(8), ReleasesAtFailure::new),
                connections("ignoresTheDeadline", List.of(8), IgnoresDeadlines::new),
                connections("queuesWithoutABound", List.of(9), Unbounded::new),
                connections("aCloseHangs", List.of(11), HangsAtClose::new),
                connections("aCloseDoesNotDrain", List.of(11), DoesNotDrain::new),
                connections("isOffByOneAtTheEndOfARange", List.of(4), OffByOne::new),
                connections("staysOpenAfterRemoteAccess", List.of(5), StaysOpen::new),
                connections("cutsADatagramThatIsTooLarge", List.of(4), CutsDatagrams::new),
                connections("aRefusalLosesItsReason", List.of(8), RefusesWithoutReason::new),
                connections("aLongReasonIsKeptToItself", List.of(8), KeepsLongReasons::new),
                connections("aRefusalIsAnEmptyReply", List.of(8), RepliesInstead::new),
                connections("takesASecondAnswer", List.of(8), TakesSecondAnswers::new));
    }

    private static Mutant connections(
            String name, List<Integer> rows, BiFunction<Transport, Connection, Connection> decoration) {
        return new Mutant(
                name,
                rows,
                () -> MutantFixture.decorated(inner -> new ForwardingTransport(inner) {
                    @Override
                    protected Connection decorate(Connection connection) {
                        return decoration.apply(this, connection);
                    }
                }));
    }

    private static Mutant completions(String name, List<Integer> rows, UnaryOperator<Completion> decoration) {
        return connections(name, rows, (transport, inner) -> new ForwardingConnection(transport, inner) {
            @Override
            protected long submit(Call call, Completion completion, long context, Submission form) {
                return form.submit(decoration.apply(completion), context);
            }
        });
    }

    private static final AtomicInteger COUNT = new AtomicInteger();

    private record LosesSome(Completion inner) implements Completion {
        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            if (COUNT.incrementAndGet() % EVERY != 0) {
                inner.completed(context, failure, value);
            }
        }

        @Override
        public void released(long context) {
            inner.released(context);
        }
    }

    private record TwiceSome(Completion inner) implements Completion {
        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            inner.completed(context, failure, value);
            if (COUNT.incrementAndGet() % EVERY == 0) {
                inner.completed(context, failure, value);
            }
        }

        @Override
        public void released(long context) {
            inner.released(context);
        }
    }

    private static final class ReleasesAtFailure implements Completion {
        private final Completion inner;
        private boolean failed;

        ReleasesAtFailure(Completion inner) {
            this.inner = inner;
        }

        @Override
        public void completed(long context, @Nullable TransportException failure, long value) {
            inner.completed(context, failure, value);
            if (failure != null) {
                failed = true;
                inner.released(context);
            }
        }

        @Override
        public void released(long context) {
            if (!failed) {
                inner.released(context);
            }
        }
    }

    private static final class IgnoresDeadlines extends ForwardingConnection {
        IgnoresDeadlines(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        protected long timeoutNs(long asked) {
            return asked <= 0 ? asked : asked + Duration.ofHours(1).toNanos();
        }
    }

    /** Takes what there is no room for, and finds room for it later. */
    private static final class Unbounded extends ForwardingConnection {
        Unbounded(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        protected long submit(Call call, Completion completion, long context, Submission form) {
            long answer = form.submit(completion, context);
            if (answer != ErrorCode.BACK_PRESSURED.refusal()) {
                return answer;
            }
            Thread.ofVirtual().start(() -> {
                while (form.submit(completion, context) == ErrorCode.BACK_PRESSURED.refusal()) {
                    LockSupport.parkNanos(1000);
                }
            });
            return Long.MAX_VALUE;
        }
    }

    private static final class HangsAtClose extends ForwardingConnection {
        HangsAtClose(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public CompletableFuture<CloseOutcome> close(Duration drain) {
            var _ = inner().close(drain);
            return new CompletableFuture<>();
        }
    }

    private static final class DoesNotDrain extends ForwardingConnection {
        DoesNotDrain(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public CompletableFuture<CloseOutcome> close(Duration drain) {
            return inner().close(Duration.ofNanos(1)).thenApply(outcome -> CloseOutcome.GRACEFUL);
        }
    }

    /** Takes a range that ends one byte too late, and writes as much as is granted. */
    private static final class OffByOne extends ForwardingConnection {
        OffByOne(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public long tryWrite(
                MemoryRegion source,
                long sourceOffset,
                RegionDescriptor target,
                long targetOffset,
                long length,
                long timeoutNs,
                Completion completion,
                long context) {
            boolean oneTooFar = length > 0 && targetOffset >= 0 && targetOffset + length == target.length() + 1;
            return super.tryWrite(
                    source,
                    sourceOffset,
                    target,
                    targetOffset,
                    oneTooFar ? length - 1 : length,
                    timeoutNs,
                    completion,
                    context);
        }
    }

    private static final class StaysOpen extends ForwardingConnection {
        StaysOpen(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public CompletableFuture<TransportException> closed() {
            return inner().closed()
                    .thenCompose(cause -> cause.code() == ErrorCode.REMOTE_ACCESS
                            ? new CompletableFuture<>()
                            : CompletableFuture.completedFuture(cause));
        }
    }

    private static final class CutsDatagrams extends ForwardingConnection {
        CutsDatagrams(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public long tryDatagram(
                MemoryRegion source,
                long sourceOffset,
                long length,
                long timeoutNs,
                Completion completion,
                long context) {
            long cut = Math.min(length, peer().maxMessageBytes());
            return super.tryDatagram(source, sourceOffset, cut, timeoutNs, completion, context);
        }
    }

    // ---- answers to requests -----------------------------------------------------------------------------------

    private static final class RefusesWithoutReason extends ForwardingConnection {
        RefusesWithoutReason(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public Operation<@Nullable Void> refuse(long requestId, String reason) {
            return super.refuse(requestId, "refused");
        }
    }

    private static final class KeepsLongReasons extends ForwardingConnection {
        KeepsLongReasons(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public Operation<@Nullable Void> refuse(long requestId, String reason) {
            return super.refuse(requestId, reason.length() > 1000 ? "" : reason);
        }
    }

    private static final class RepliesInstead extends ForwardingConnection {
        RepliesInstead(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        public Operation<@Nullable Void> refuse(long requestId, String reason) {
            return reply(requestId, MemorySegment.ofArray(new byte[0]));
        }
    }

    /** Lets only the first answer out, and says the same of all others. */
    private static final class TakesSecondAnswers extends ForwardingConnection {
        TakesSecondAnswers(Transport transport, Connection inner) {
            super(transport, inner);
        }

        @Override
        protected <T extends @Nullable Object> Operation<T> start(Call call, Supplier<Operation<T>> form) {
            try {
                return super.start(call, form);
            } catch (IllegalStateException e) {
                return nothing();
            }
        }

        @SuppressWarnings("unchecked") // nobody looks at the value
        private <T extends @Nullable Object> Operation<T> nothing() {
            return (Operation<T>) inner().fence(defaultTimeout());
        }
    }
}
