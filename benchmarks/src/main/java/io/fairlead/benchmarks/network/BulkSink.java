package io.fairlead.benchmarks.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Compares every byte that comes with {@link BulkPattern}. */
final class BulkSink implements Peer.Inlet {
    private final ByteBuffer pattern = BulkPattern.block();
    private volatile long received;
    private volatile @Nullable IOException fault;

    @Override
    public void received(ByteBuffer bytes, Peer.Outlet back) {
        long total = received;
        while (bytes.hasRemaining()) {
            int at = (int) (total % BulkPattern.BYTES);
            int length = Math.min(bytes.remaining(), BulkPattern.BYTES - at);
            if (pattern.slice(at, length).mismatch(bytes.slice(bytes.position(), length)) >= 0) {
                fault = new IOException("wrong bytes after " + total);
            }
            bytes.position(bytes.position() + length);
            total += length;
        }
        received = total;
    }

    long received() throws IOException {
        IOException failed = fault;
        if (failed != null) {
            throw failed;
        }
        return received;
    }
}
