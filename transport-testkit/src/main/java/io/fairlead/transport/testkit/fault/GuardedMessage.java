package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.Message;
import java.lang.foreign.MemorySegment;

/** A message that notices when it is used after its handler's call. */
final class GuardedMessage implements Message {
    private final Message inner;
    private final CallerFaults faults;
    private volatile boolean over;

    GuardedMessage(Message inner, CallerFaults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    void over() {
        over = true;
    }

    private Message valid() {
        if (over) {
            faults.add("a message was used after its handler's call");
            throw new IllegalStateException("this message was valid during its handler's call only");
        }
        return inner;
    }

    @Override
    public MemorySegment buffer() {
        return valid().buffer();
    }

    @Override
    public long offset() {
        return valid().offset();
    }

    @Override
    public long length() {
        return valid().length();
    }
}
