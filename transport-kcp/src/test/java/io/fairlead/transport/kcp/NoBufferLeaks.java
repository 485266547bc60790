package io.fairlead.transport.kcp;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a class whose tests left a buffer of Netty's unreleased. */
public final class NoBufferLeaks implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        for (int i = 0; i < 5; i++) {
            System.gc();
            // Leaks are reported when the next buffer is made.
            UnpooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        if (!LeakWitness.leaks().isEmpty()) {
            throw new AssertionError("leaked buffers: " + String.join("\n", LeakWitness.leaks()));
        }
    }
}
