package io.fairlead.store.client;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.chunk.BlockChecksums;
import io.fairlead.store.chunk.ChunkId;
import io.fairlead.store.config.ClientConfig;
import io.fairlead.store.manifest.ChunkRef;
import io.fairlead.store.manifest.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/** Cuts a stream into chunks and stores them, several at once; memory is bounded by the buffers. Used once. */
final class ValueWriter {
    private final ClientConfig config;
    private final ChunkBuffers buffers;
    private final Replication replication;
    private final ExecutorService workers;
    private final MessageDigest sha = Sha256.start();
    private final List<ChunkId> started = new ArrayList<>();
    private final AtomicBoolean failed = new AtomicBoolean();
    private long length;

    ValueWriter(ClientConfig config, ChunkBuffers buffers, Replication replication, ExecutorService workers) {
        this.config = config;
        this.buffers = buffers;
        this.replication = replication;
        this.workers = workers;
    }

    /** Reads to the end of {@code source}. When it throws, nothing is under way any more. */
    List<ChunkRef> write(ReadableByteChannel source, LongConsumer progress) throws IOException, InterruptedException {
        List<Future<ChunkRef>> chunks = new ArrayList<>();
        try {
            boolean more = true;
            // One chunk that fails is enough; no need to find out after the last byte.
            while (more && !failed.get()) {
                ChunkBuffers.Buffer buffer = buffers.take();
                boolean handedOver = false;
                try {
                    ByteBuffer data = buffer.bytes().limit(config.chunkBytes());
                    more = fill(source, data);
                    if (data.flip().hasRemaining()) {
                        sha.update(data.duplicate());
                        length += data.remaining();
                        chunks.add(store(buffer, data, progress));
                        handedOver = true;
                    }
                } finally {
                    if (!handedOver) {
                        buffer.close();
                    }
                }
            }
            List<ChunkRef> refs = new ArrayList<>();
            for (Future<ChunkRef> chunk : chunks) {
                refs.add(chunk.get());
            }
            return refs;
        } catch (ExecutionException e) {
            throw failure(e);
        } finally {
            chunks.forEach(ValueWriter::waitFor);
        }
    }

    private Future<ChunkRef> store(ChunkBuffers.Buffer buffer, ByteBuffer data, LongConsumer progress) {
        if (started.size() == Manifest.MAX_CHUNKS) {
            throw new StoreException(
                    StoreError.TOO_LARGE,
                    "a value has at most " + Manifest.MAX_CHUNKS + " chunks of " + config.chunkBytes()
                            + " B; store it with a larger store.chunk.bytes");
        }
        ChunkId id = ChunkId.random();
        started.add(id);
        return workers.submit(() -> {
            boolean stored = false;
            try (buffer) {
                ChunkRef ref = replication.write(id, buffer, BlockChecksums.of(data, config.blockBytes()));
                progress.accept(ref.length());
                stored = true;
                return ref;
            } finally {
                if (!stored) {
                    failed.set(true);
                }
            }
        });
    }

    /** False at the end of the stream. */
    private static boolean fill(ReadableByteChannel source, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            if (source.read(data) < 0) {
                return false;
            }
        }
        return true;
    }

    private static StoreException failure(ExecutionException e) {
        return e.getCause() instanceof StoreException known
                ? known
                : new StoreException(StoreError.INTERNAL, "storing a chunk: " + e.getCause(), e);
    }

    private static void waitFor(Future<ChunkRef> chunk) {
        while (true) {
            try {
                chunk.get();
                return;
            } catch (ExecutionException e) {
                return; // told elsewhere
            } catch (InterruptedException e) {
                chunk.cancel(true);
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Of what was read. */
    long length() {
        return length;
    }

    String sha256() {
        return Sha256.finish(sha);
    }

    /** All chunks that may stand on some node. */
    List<ChunkId> started() {
        return started;
    }
}
