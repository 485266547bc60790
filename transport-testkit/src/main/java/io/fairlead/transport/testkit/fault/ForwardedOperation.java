package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Operation;
import io.fairlead.transport.TransportException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** An operation made of its parts. */
record ForwardedOperation<T extends @Nullable Object>(
        CompletableFuture<T> result, CompletableFuture<@Nullable Void> released, Runnable canceller)
        implements Operation<T> {
    @Override
    public void cancel() {
        canceller.run();
    }

    @Override
    public T await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof TransportException failure) {
                        throw failure;
                    }
                    throw new TransportException(ErrorCode.INTERNAL, "an operation failed: " + e.getCause(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
