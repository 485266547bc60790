package io.fairlead.transport.core;

import io.fairlead.transport.Message;
import java.lang.foreign.MemorySegment;

/** A message on its way to a handler; one instance serves an inline connection for ever. */
final class ReceivedMessage implements Message {
    private MemorySegment buffer = MemorySegment.NULL;
    private long offset;
    private long length;

    ReceivedMessage at(MemorySegment memory, long from, long bytes) {
        buffer = memory;
        offset = from;
        length = bytes;
        return this;
    }

    @Override
    public MemorySegment buffer() {
        return buffer;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long length() {
        return length;
    }
}
