package io.fairlead.transport.testkit;

import java.util.concurrent.CountDownLatch;

/** Holds whoever passes until it is opened, once. */
public final class Gate implements AutoCloseable {
    private final CountDownLatch latch = new CountDownLatch(1);

    /** Waits until it is open. An interrupt ends the wait and is kept. */
    public void pass() {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void open() {
        latch.countDown();
    }

    @Override
    public void close() {
        open();
    }
}
