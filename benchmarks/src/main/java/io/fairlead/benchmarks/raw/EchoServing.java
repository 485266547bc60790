package io.fairlead.benchmarks.raw;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends every message back. All messages have one size, so they need no header. */
final class EchoServing implements Serving {
    private final ByteBuffer message;

    EchoServing(int payloadBytes) {
        message = Frame.buffer(payloadBytes);
    }

    @Override
    public void serve(Wire wire) throws IOException {
        while (true) {
            wire.readFully(message.clear());
            wire.writeFully(message.flip());
        }
    }
}
