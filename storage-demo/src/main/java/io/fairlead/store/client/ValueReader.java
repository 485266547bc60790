package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.manifest.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Fetches the chunks of a value ahead of the writing, and writes them in order. */
final class ValueReader {
    private final ChunkBuffers buffers;
    private final Replication replication;
    private final ExecutorService workers;
    private final int ahead;

    ValueReader(ChunkBuffers buffers, Replication replication, ExecutorService workers, int ahead) {
        this.buffers = buffers;
        this.replication = replication;
        this.workers = workers;
        this.ahead = ahead;
    }

    private record Fetch(ChunkRef chunk, ChunkBuffers.Buffer buffer, Future<?> done) {}

    void read(Manifest manifest, WritableByteChannel sink, LongConsumer progress)
            throws IOException, InterruptedException {
        MessageDigest sha = Sha256.start();
        Iterator<ChunkRef> chunks = manifest.chunks().iterator();
        Deque<Fetch> fetches = new ArrayDeque<>();
        try {
            while (chunks.hasNext() || !fetches.isEmpty()) {
                while (chunks.hasNext() && fetches.size() < ahead) {
                    // Waiting for a second buffer with a first in hand, two readers could wait for each other for ever.
                    ChunkBuffers.Buffer buffer = fetches.isEmpty() ? buffers.take() : buffers.tryTake();
                    if (buffer == null) {
                        break;
                    }
                    fetches.add(fetch(chunks.next(), buffer));
                }
                Fetch next = fetches.getFirst();
                next.done().get();
                ByteBuffer data = next.buffer().bytes().limit(next.chunk().length());
                sha.update(data.duplicate());
                while (data.hasRemaining()) {
                    sink.write(data);
                }
                progress.accept(next.chunk().length());
                fetches.removeFirst().buffer().close();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreException known
                    ? known
                    : new StoreException(StoreError.INTERNAL, "fetching a chunk: " + e.getCause(), e);
        } finally {
            fetches.forEach(ValueReader::abandon);
        }
        String found = Sha256.finish(sha);
        if (!found.equals(manifest.sha256())) {
            throw new StoreException(
                    StoreError.CORRUPT,
                    "'" + manifest.key() + "' has SHA-256 " + found + ", its manifest says " + manifest.sha256());
        }
    }

    private Fetch fetch(ChunkRef chunk, ChunkBuffers.Buffer buffer) {
        if (buffer.bytes().capacity() < chunk.length()) {
            buffer.close();
            throw new StoreException(
                    StoreError.TOO_LARGE,
                    "chunk " + chunk.id() + " has " + chunk.length() + " B, store.chunk.max-bytes here is "
                            + buffer.bytes().capacity());
        }
        return new Fetch(chunk, buffer, workers.submit(() -> replication.read(chunk, buffer)));
    }

    /** The buffer is free when its fetch has ended, which its deadline bounds. */
    private static void abandon(Fetch fetch) {
        while (!fetch.done().isDone()) {
            try {
                fetch.done().get();
            } catch (ExecutionException e) {
                break; // told elsewhere, or wanted by nobody
            } catch (InterruptedException e) {
                fetch.done().cancel(true);
                Thread.currentThread().interrupt();
                break;
            }
        }
        fetch.buffer().close();
    }
}
