package io.fairlead.transport;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations handed over together, in order, with one wake-up of the event loop, and with a result for each. Not
 * thread-safe; used once.
 */
public interface Batch {
    Batch write(MemoryRegion source, long sourceOffset, RegionDescriptor target, long targetOffset, long length);

    Batch writeNotify(
            MemoryRegion source, long sourceOffset, RegionDescriptor target, long targetOffset, long length, int tag);

    Batch read(
            MemoryRegion destination, long destinationOffset, RegionDescriptor source, long sourceOffset, long length);

    Batch compareAndSwap(RegionDescriptor target, long targetOffset, long expected, long replacement);

    Batch fetchAndAdd(RegionDescriptor target, long targetOffset, long delta);

    Batch send(MemoryRegion source, long sourceOffset, long length);

    Batch fence();

    int size();

    /**
     * Hands the entries over; those that find no room wait for it until the deadline. The result lists every entry in
     * order and never fails as a whole.
     */
    Operation<List<Entry>> submit(Duration timeout);

    /**
     * How one entry ended.
     *
     * @param failure null when it is done
     * @param value the old value of an atomic, else 0
     */
    record Entry(@Nullable TransportException failure, long value) {}
}
