package io.fairlead.store.demo;

import io.fairlead.store.StoreError;
import io.fairlead.store.StoreException;
import io.fairlead.store.client.Sha256;
import io.fairlead.store.client.StoreClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** All files into the store, and all back and compared; a few at a time. */
final class Transfer {
    /** Small files are bound by round trips, so some go at once. */
    private static final int FILES_AT_ONCE = 4;

    private final StoreClient client;
    private final List<SourceFile> sources;

    Transfer(StoreClient client, List<SourceFile> sources) {
        this.client = client;
        this.sources = sources;
    }

    /** Yields what went wrong, file by file. */
    List<String> store(LongConsumer progress) {
        return each(source -> {
            try (FileChannel file = FileChannel.open(source.path(), StandardOpenOption.READ)) {
                client.put(source.key(), file, progress);
            } catch (IOException e) {
                throw new StoreException(StoreError.IO, "cannot read " + source + ": " + e.getMessage(), e);
            }
        });
    }

    /** Compares what comes back with the files as they are on disk, by a digest that the store has no part in. */
    List<String> verify(LongConsumer progress) {
        return each(source -> {
            HashingSink sink = new HashingSink();
            client.get(source.key(), sink, progress);
            String stored = Sha256.finish(sink.digest);
            String original = sha256(source);
            if (!stored.equals(original)) {
                throw new StoreException(
                        StoreError.CORRUPT, "came back with SHA-256 " + stored + ", the file has " + original);
            }
        });
    }

    private static final class HashingSink implements WritableByteChannel {
        final MessageDigest digest = Sha256.start();

        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            digest.update(bytes);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static String sha256(SourceFile source) {
        MessageDigest digest = Sha256.start();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try (FileChannel file = FileChannel.open(source.path(), StandardOpenOption.READ)) {
            while (file.read(buffer.clear()) >= 0) {
                digest.update(buffer.flip());
            }
            return Sha256.finish(digest);
        } catch (IOException e) {
            throw new StoreException(StoreError.IO, "cannot read " + source + ": " + e.getMessage(), e);
        }
    }

    private List<String> each(Consumer<SourceFile> work) {
        List<String> failures = new ArrayList<>();
        Semaphore permits = new Semaphore(FILES_AT_ONCE);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (SourceFile source : sources) {
                permits.acquireUninterruptibly();
                running.add(workers.submit(() -> {
                    try {
                        work.accept(source);
                    } finally {
                        permits.release();
                    }
                }));
            }
            for (int i = 0; i < sources.size(); i++) {
                try {
                    running.get(i).get();
                } catch (ExecutionException e) {
                    failures.add(sources.get(i) + ": "
                            + (e.getCause() instanceof StoreException known ? known.getMessage() : e.getCause()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    failures.add(sources.get(i) + ": interrupted");
                }
            }
        }
        return failures;
    }
}
