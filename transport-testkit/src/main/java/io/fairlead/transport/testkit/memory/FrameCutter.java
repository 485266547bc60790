package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.core.FrameHeader;
import io.fairlead.transport.core.Handshake;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts one direction's bytes into its handshake and whole frames. What is no frame goes on as it came. */
final class FrameCutter {
    private static final int AUTHENTICATION_LENGTH = 14;

    private final boolean toServer;
    private byte[] held = new byte[4096];
    private int size;
    private boolean handshakeDone;

    FrameCutter(boolean toServer) {
        this.toServer = toServer;
    }

    void take(ByteBuffer from, Consumer<Frame> frames) {
        int more = from.remaining();
        if (held.length - size < more) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, size + more));
        }
        from.get(held, size, more);
        size += more;
        int start = 0;
        for (int bytes = next(start); bytes > 0 && size - start >= bytes; bytes = next(start)) {
            frames.accept(new Frame(toServer, !handshakeDone, Arrays.copyOfRange(held, start, start + bytes)));
            handshakeDone = true;
            start += bytes;
        }
        System.arraycopy(held, start, held, 0, size - start);
        size -= start;
    }

    /** Bytes of what starts there, or 0 while that cannot be told. */
    private int next(int start) {
        int there = size - start;
        if (there < FrameHeader.COMMON_BYTES) {
            return 0;
        }
        MemorySegment bytes = MemorySegment.ofArray(held);
        if (!handshakeDone) {
            int authentication = (held[start + AUTHENTICATION_LENGTH] & 0xff)
                    | (held[start + AUTHENTICATION_LENGTH + 1] & 0xff) << 8;
            return Handshake.FIXED_BYTES + authentication;
        }
        // A run of deferred payloads is one piece: its headers, then its payloads.
        int total = 0;
        int payloads = 0;
        while (there - total >= FrameHeader.COMMON_BYTES) {
            int at = start + total;
            int header = FrameHeader.bytes(FrameHeader.type(bytes, at));
            if (header == 0) {
                return there;
            }
            total += header;
            payloads += FrameHeader.length(bytes, at);
            if ((FrameHeader.flags(bytes, at) & FrameHeader.FLAG_DEFERRED) == 0) {
                return total + payloads;
            }
        }
        return 0;
    }
}
