package io.fairlead.transport.core;

import io.fairlead.transport.BufferPool.PooledBuffer;
import io.fairlead.transport.Completion;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Message;
import io.fairlead.transport.Operation;
import io.fairlead.transport.ReplyHandler;
import io.fairlead.transport.TransportException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** An operation with futures: tries, waits for room, is told the end. */
final class FutureOperation<T extends @Nullable Object> implements Operation<T>, Completion, ReplyHandler, Waiter {
    /** What the result of an operation is made of. */
    interface Result<T extends @Nullable Object> {
        T of(long value, @Nullable Message reply);
    }

    static final Result<@Nullable Void> NOTHING = (value, reply) -> null;
    static final Result<Long> VALUE = (value, reply) -> value;
    static final Result<byte[]> REPLY = (value, reply) -> reply == null ? new byte[0] : reply.toByteArray();

    private final EngineConnection connection;
    private final OperationKind kind;
    private final long deadlineNs;
    private final Result<T> made;
    private final ToLongFunction<FutureOperation<T>> attempt;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

    /** Given back when the operation is never let in; once it is, its slot does that. */
    private @Nullable PooledBuffer lease;

    private volatile long number = -1;
    private volatile boolean cancelled;

    /** @param attempt calls the {@code try…} form with this as callback */
    FutureOperation(
            EngineConnection connection,
            OperationKind kind,
            long deadlineNs,
            Result<T> made,
            @Nullable PooledBuffer lease,
            ToLongFunction<FutureOperation<T>> attempt) {
        this.connection = connection;
        this.kind = kind;
        this.deadlineNs = deadlineNs;
        this.made = made;
        this.lease = lease;
        this.attempt = attempt;
    }

    /** Nanoseconds to the deadline; at least one, for a last attempt. */
    long leftNs() {
        return Math.max(1, deadlineNs - System.nanoTime());
    }

    @Nullable
    PooledBuffer lease() {
        return lease;
    }

    /** Goes in at once, or takes a place in the waiting room. */
    FutureOperation<T> start(WaitingRoom room) {
        long answer = attempt();
        if (answer == ErrorCode.BACK_PRESSURED.refusal()) {
            answer = room.enter(this);
            if (answer == 0) {
                connection.wake();
            }
        }
        if (answer < 0) {
            refused(answer);
        }
        return this;
    }

    @Override
    public OperationKind kind() {
        return kind;
    }

    @Override
    public long deadlineNs() {
        return deadlineNs;
    }

    @Override
    public long attempt() {
        long answer = attempt.applyAsLong(this);
        if (answer >= 0) {
            number = answer;
            lease = null;
            if (cancelled) {
                connection.cancel(answer);
            }
        }
        return answer;
    }

    @Override
    public void refused(long refusal) {
        fail(connection.refusalOf(refusal, kind));
    }

    @Override
    public void fail(TransportException why) {
        result.completeExceptionally(why);
        PooledBuffer mine = lease;
        lease = null;
        if (mine != null) {
            mine.close();
        }
        released.complete(null);
    }

    @Override
    public void completed(long context, @Nullable TransportException failure, long value) {
        if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            result.complete(made.of(value, null));
        }
    }

    @Override
    public void replied(long context, @Nullable Message reply, @Nullable TransportException failure) {
        if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            result.complete(made.of(0, reply));
        }
    }

    @Override
    public void released(long context) {
        released.complete(null);
    }

    @Override
    public CompletableFuture<T> result() {
        return result;
    }

    @Override
    public CompletableFuture<@Nullable Void> released() {
        return released;
    }

    @Override
    public void cancel() {
        cancelled = true;
        long known = number;
        if (known >= 0) {
            connection.cancel(known);
        } else if (connection.leaveWaitingRoom(this)) {
            fail(new TransportException(ErrorCode.CANCELLED, "cancelled while it waited for room"));
        }
    }

    @Override
    public T await() {
        return connection.await(this);
    }

    /** Blocks; the failure is the operation's own. */
    T join() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof TransportException own
                            ? new TransportException(own.code(), withoutCode(own), own)
                            : new TransportException(ErrorCode.INTERNAL, "the operation failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String withoutCode(TransportException e) {
        String message = String.valueOf(e.getMessage());
        String prefix = e.code() + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }
}
