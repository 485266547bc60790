package io.fairlead.benchmarks.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Pushes the bytes of {@link BulkPattern}, chunk after chunk, for as long as the process lives. */
final class BulkSource {
    private final ByteBuffer pattern = BulkPattern.block();
    private final int chunkBytes;
    private final AtomicLong sent = new AtomicLong();
    private volatile @Nullable Throwable failure;

    BulkSource(int chunkBytes) {
        if (BulkPattern.BYTES % chunkBytes != 0) {
            throw new IllegalArgumentException("chunks of " + chunkBytes + " bytes do not fill " + BulkPattern.BYTES);
        }
        this.chunkBytes = chunkBytes;
    }

    void run(Peer.Outlet outlet) {
        try {
            while (true) {
                int at = (int) (sent.get() % BulkPattern.BYTES);
                outlet.send(pattern.slice(at, chunkBytes));
                sent.addAndGet(chunkBytes);
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    long sent() throws IOException {
        Throwable failed = failure;
        if (failed != null) {
            throw new IOException("the source failed", failed);
        }
        return sent.get();
    }
}
