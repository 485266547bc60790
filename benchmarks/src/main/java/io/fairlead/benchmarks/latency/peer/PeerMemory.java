package io.fairlead.benchmarks.latency.peer;

import io.fairlead.benchmarks.SplitMix;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A process's registered memory: an inbox that the peer writes to and reads from, and an outbox of slots, which are used in
 * turn since a buffer belongs to its operation until it is released. What is sent is a fixed pattern whose last eight
 * bytes are the number of the exchange, so its arrival can be seen by looking there: transports place bytes in order.
 */
final class PeerMemory {
    static final int MAX_BYTES = 65_536;
    static final int SLOTS = 4;

    private static final VarHandle STAMP = ValueLayout.JAVA_LONG.varHandle();
    private static final ValueLayout.OfLong ANYWHERE = ValueLayout.JAVA_LONG_UNALIGNED;

    private final MemoryRegion inbox;
    private final MemoryRegion outbox;

    PeerMemory(Transport transport) {
        inbox = transport.allocate(MAX_BYTES);
        outbox = transport.allocate((long) SLOTS * MAX_BYTES);
        for (long at = 0; at < outbox.size(); at += Long.BYTES) {
            outbox.segment().set(ValueLayout.JAVA_LONG, at, pattern(at % MAX_BYTES));
        }
    }

    MemoryRegion inbox() {
        return inbox;
    }

    MemoryRegion outbox() {
        return outbox;
    }

    String grant() {
        return inbox.grant(Rights.READ_WRITE).descriptor().toText();
    }

    /** Before an exercise: nothing has arrived. */
    void clearInbox() {
        inbox.segment().fill((byte) 0);
    }

    /** What the peer will read. */
    void fillInbox() {
        MemorySegment.copy(outbox.segment(), 0, inbox.segment(), 0, MAX_BYTES);
    }

    /** Stamps the slot whose turn it is. @return its offset in the outbox */
    long stamp(long exchange, int bytes) {
        long slot = exchange % SLOTS * MAX_BYTES;
        outbox.segment().set(ANYWHERE, slot + bytes - Long.BYTES, exchange); // no check whether it is aligned
        return slot;
    }

    /** Makes the slots the pattern again. */
    void unstamp(int bytes) {
        for (long slot = 0; slot < outbox.size(); slot += MAX_BYTES) {
            outbox.segment().set(ValueLayout.JAVA_LONG, slot + bytes - Long.BYTES, pattern((long) bytes - Long.BYTES));
        }
    }

    /** Whether the peer's bytes of this exchange stand in the inbox; if so, all of them are visible. */
    boolean hasArrived(long exchange, int bytes) {
        return (long) STAMP.getAcquire(inbox.segment(), (long) bytes - Long.BYTES) == exchange;
    }

    /** The number of the exchange that a message carries. */
    static long stampOf(MemorySegment buffer, long offset, long bytes) {
        return buffer.get(ANYWHERE, offset + bytes - Long.BYTES);
    }

    /** @throws IllegalStateException if the inbox does not hold what the peer has sent, but for the stamp */
    void checkInbox(int bytes) {
        for (long at = 0; at < bytes - Long.BYTES; at += Long.BYTES) {
            if (inbox.segment().get(ValueLayout.JAVA_LONG, at) != pattern(at)) {
                throw new IllegalStateException("wrong bytes at " + at + " of " + bytes + " in the inbox");
            }
        }
    }

    private static long pattern(long at) {
        return SplitMix.mix(at + 1);
    }
}
