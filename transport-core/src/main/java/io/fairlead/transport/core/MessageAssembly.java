package io.fairlead.transport.core;

import io.fairlead.transport.ErrorCode;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The message or reply now being received; there is one at a time, since a message's frames come without others of the
 * same side's operations between them. A message that came whole in the staging buffer is handed on from there; others are
 * put together in memory that is taken only after the credits said that it may be. For the loop only.
 */
final class MessageAssembly {
    private static final int KEPT_BYTES = 1 << 20;
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final Initiator initiator;
    private final Target target;
    private final Deliveries deliveries;
    private final int maxMessageBytes;
    private int type;
    private long requestId;
    private int total;
    private int expected;
    private int received;
    private boolean open;
    private MemorySegment buffer = NOTHING;
    private @Nullable MemorySegment inPlace;
    private long inPlaceOffset;

    MessageAssembly(Initiator initiator, Target target, Deliveries deliveries, int maxMessageBytes) {
        this.initiator = initiator;
        this.target = target;
        this.deliveries = deliveries;
        this.maxMessageBytes = maxMessageBytes;
    }

    boolean isOpen() {
        return open;
    }

    /** Begins a message whose first frame has {@code frameBytes} of its {@code totalBytes}. */
    boolean start(int messageType, long ofRequest, int totalBytes, int frameBytes) {
        if (totalBytes > maxMessageBytes) {
            return false;
        }
        type = messageType;
        requestId = ofRequest;
        total = totalBytes;
        expected = frameBytes;
        received = 0;
        open = true;
        return true;
    }

    /** Whether a further frame fits the message that began. */
    boolean continues(int messageType, long ofRequest, long totalBytes, int frameBytes, boolean last) {
        if (messageType != type || ofRequest != requestId || totalBytes != total || frameBytes > total - expected) {
            return false;
        }
        expected += frameBytes;
        return last == (expected == total);
    }

    /** Whether a payload that lies whole in the staging buffer is a whole message, to be handed on from there. */
    boolean takesWhole(int frameType, int payloadBytes) {
        return open && frameType == type && received == 0 && payloadBytes == total;
    }

    void whole(MemorySegment bytes, long offset) {
        inPlace = bytes;
        inPlaceOffset = offset;
        received = total;
    }

    void append(MemorySegment bytes, long at, int count) {
        if (received == 0 && buffer.byteSize() < total) {
            buffer = MemorySegment.ofArray(new byte[total]);
        }
        MemorySegment.copy(bytes, at, buffer, received, count);
        received += count;
    }

    /** Hands the whole message on. */
    void deliver(int aux) {
        open = false;
        MemorySegment from = inPlace == null ? buffer : inPlace;
        long offset = inPlace == null ? 0 : inPlaceOffset;
        boolean borrowed = inPlace != null;
        inPlace = null;
        if (type == FrameHeader.REPLY) {
            initiator.replied(requestId, aux == 0 ? null : ErrorCode.ofNumber(aux), from, offset, total);
        } else if (!deliveries.copies()) {
            deliveries.message(type, requestId, from, offset, total);
        } else if (type == FrameHeader.DATAGRAM && !deliveries.takesDatagram(total)) {
            // unreliable by contract: a slow handler loses some
        } else if (borrowed) {
            deliveries.message(type, requestId, copy(from, offset, total), 0, total);
        } else {
            buffer = NOTHING;
            deliveries.message(type, requestId, from, 0, total);
        }
        target.delivered(type, total);
        if (buffer.byteSize() > KEPT_BYTES) {
            buffer = NOTHING;
        }
    }

    /** Hands on a message of one frame that came whole: there is nothing to put together. */
    void deliver(MemorySegment bytes, long offset, int length) {
        if (deliveries.copies()) {
            deliveries.message(FrameHeader.SEND, 0, copy(bytes, offset, length), 0, length);
        } else {
            deliveries.message(FrameHeader.SEND, 0, bytes, offset, length);
        }
        target.delivered(FrameHeader.SEND, length);
    }

    private static MemorySegment copy(MemorySegment from, long offset, int bytes) {
        MemorySegment copy = MemorySegment.ofArray(new byte[bytes]);
        MemorySegment.copy(from, offset, copy, 0, bytes);
        return copy;
    }

    void clear() {
        open = false;
        inPlace = null;
        buffer = NOTHING;
    }
}
