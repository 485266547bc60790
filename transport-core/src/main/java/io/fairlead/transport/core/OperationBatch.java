package io.fairlead.transport.core;

import io.fairlead.transport.Batch;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Entries kept until they are handed over together. */
final class OperationBatch implements Batch {
    /** An entry: makes its operation. */
    private interface Submission extends Function<Duration, Operation<?>> {}

    private final EngineConnection connection;
    private final List<Submission> entries = new ArrayList<>();
    private boolean submitted;

    OperationBatch(EngineConnection connection) {
        this.connection = connection;
    }

    private Batch add(Submission entry) {
        if (submitted) {
            throw new IllegalStateException("a batch is used once");
        }
        entries.add(entry);
        return this;
    }

    @Override
    public Batch write(
            MemoryRegion source, long sourceOffset, RegionDescriptor target, long targetOffset, long length) {
        return add(timeout -> connection.write(source, sourceOffset, target, targetOffset, length, timeout));
    }

    @Override
    public Batch writeNotify(
            MemoryRegion source, long sourceOffset, RegionDescriptor target, long targetOffset, long length, int tag) {
        return add(timeout -> connection.writeNotify(source, sourceOffset, target, targetOffset, length, tag, timeout));
    }

    @Override
    public Batch read(
            MemoryRegion destination, long destinationOffset, RegionDescriptor source, long sourceOffset, long length) {
        return add(timeout -> connection.read(destination, destinationOffset, source, sourceOffset, length, timeout));
    }

    @Override
    public Batch compareAndSwap(RegionDescriptor target, long targetOffset, long expected, long replacement) {
        return add(timeout -> connection.compareAndSwap(target, targetOffset, expected, replacement, timeout));
    }

    @Override
    public Batch fetchAndAdd(RegionDescriptor target, long targetOffset, long delta) {
        return add(timeout -> connection.fetchAndAdd(target, targetOffset, delta, timeout));
    }

    @Override
    public Batch send(MemoryRegion source, long sourceOffset, long length) {
        return add(timeout -> connection.send(source, sourceOffset, length, timeout));
    }

    @Override
    public Batch fence() {
        return add(connection::fence);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Operation<List<Entry>> submit(Duration timeout) {
        if (submitted) {
            throw new IllegalStateException("a batch is used once");
        }
        submitted = true;
        List<Operation<?>> operations = new ArrayList<>(entries.size());
        connection.together(() -> entries.forEach(entry -> operations.add(entry.apply(timeout))));
        return new Submitted(connection, operations);
    }

    private static Entry entryOf(CompletableFuture<?> result) {
        try {
            return new Entry(null, result.join() instanceof Long value ? value : 0);
        } catch (CompletionException e) {
            return new Entry((TransportException) e.getCause(), 0);
        }
    }

    /** All entries as one operation. */
    private static final class Submitted implements Operation<List<Entry>> {
        private final EngineConnection connection;
        private final List<Operation<?>> operations;
        private final CompletableFuture<List<Entry>> result;
        private final CompletableFuture<@Nullable Void> released;

        Submitted(EngineConnection connection, List<Operation<?>> operations) {
            this.connection = connection;
            this.operations = operations;
            this.result = all(Operation::result)
                    .handle((none, failure) -> operations.stream()
                            .map(Operation::result)
                            .map(OperationBatch::entryOf)
                            .toList());
            this.released = all(Operation::released);
        }

        private CompletableFuture<@Nullable Void> all(Function<Operation<?>, CompletableFuture<?>> which) {
            return CompletableFuture.allOf(operations.stream().map(which).toArray(CompletableFuture<?>[]::new))
                    .<@Nullable Void>thenApply(none -> null);
        }

        @Override
        public CompletableFuture<List<Entry>> result() {
            return result;
        }

        @Override
        public CompletableFuture<@Nullable Void> released() {
            return released;
        }

        @Override
        public void cancel() {
            operations.forEach(Operation::cancel);
        }

        @Override
        public List<Entry> await() {
            connection.checkMayBlock();
            return result.join();
        }
    }
}
