package io.fairlead.benchmarks.network;

import io.fairlead.benchmarks.SplitMix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends a message at each tick of the clock, whatever has come back by then, and takes the time from when a message should
 * have been sent: a sender that is held up does not hide it. Every byte that comes back is compared.
 *
 * <p>Sending is one thread's, receiving another's; they share the schedule, which is final before the first is sent.
 */
final class OpenLoopEcho implements Peer.Inlet {
    static final int MESSAGE_BYTES = 1024;
    static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long seed;
    private final int warmUp;
    private final long[] intendedNs;
    private final long[] latencyNs;
    private final CountDownLatch all = new CountDownLatch(1);
    private final ByteBuffer expected = ByteBuffer.allocate(MESSAGE_BYTES);
    private long latestSendNs;
    private int returned;
    private volatile @Nullable IOException fault;

    /** @param warmUp messages before those that count */
    OpenLoopEcho(long seed, int warmUp, int messages) {
        this.seed = seed;
        this.warmUp = warmUp;
        intendedNs = new long[warmUp + messages];
        latencyNs = new long[warmUp + messages];
        fill(expected, 0);
    }

    /** Returns when all have come back. @throws IOException if not within the bound, or if other bytes came */
    void run(Peer.Outlet outlet, Duration bound) throws Exception {
        long start = System.nanoTime() + INTERVAL_NS;
        for (int i = 0; i < intendedNs.length; i++) {
            intendedNs[i] = start + i * INTERVAL_NS;
        }
        ByteBuffer message = ByteBuffer.allocate(MESSAGE_BYTES);
        for (int i = 0; i < intendedNs.length && fault == null; i++) {
            fill(message, i);
            long wait = intendedNs[i] - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                wait = intendedNs[i] - System.nanoTime();
            }
            latestSendNs = i < warmUp ? 0 : Math.max(latestSendNs, -wait);
            outlet.send(message);
        }
        boolean done = all.await(bound.toMillis(), TimeUnit.MILLISECONDS);
        IOException failed = fault;
        if (failed != null) {
            throw failed;
        }
        if (!done) {
            throw new IOException("only " + returned + " of " + intendedNs.length + " messages came back within "
                    + bound.toSeconds() + " s");
        }
    }

    @Override
    public void received(ByteBuffer bytes, Peer.Outlet back) {
        while (bytes.hasRemaining() && returned < latencyNs.length && fault == null) {
            int length = Math.min(bytes.remaining(), expected.remaining());
            ByteBuffer piece = bytes.slice(bytes.position(), length);
            if (!piece.equals(expected.slice(expected.position(), length))) {
                fault = new IOException("wrong bytes in message " + returned);
                all.countDown();
                return;
            }
            bytes.position(bytes.position() + length);
            expected.position(expected.position() + length);
            if (!expected.hasRemaining()) {
                latencyNs[returned] = System.nanoTime() - intendedNs[returned];
                returned++;
                fill(expected, returned);
                if (returned == latencyNs.length) {
                    all.countDown();
                }
            }
        }
    }

    private void fill(ByteBuffer message, int index) {
        message.clear();
        for (int at = 0; at < MESSAGE_BYTES; at += Long.BYTES) {
            message.putLong(SplitMix.mix(seed + ((long) index * MESSAGE_BYTES + at) * SplitMix.GAMMA));
        }
        message.flip();
    }

    /** How late a message was handed over at worst, in us, then the latencies in us and order; the warm-up left out. */
    String report() {
        StringBuilder text = new StringBuilder().append(latestSendNs / 1000);
        for (int i = warmUp; i < latencyNs.length; i++) {
            text.append(' ').append(latencyNs[i] / 1000);
        }
        return text.toString();
    }
}
