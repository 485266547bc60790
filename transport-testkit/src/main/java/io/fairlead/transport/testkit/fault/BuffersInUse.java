package io.fairlead.transport.testkit.fault;

import io.fairlead.transport.MemoryRegion;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The local ranges that operations use now, and what stood in them at first. Thread-safe. */
final class BuffersInUse {
    /** Larger sources are not summed: a check must not change what is checked by much. */
    private static final long SUMMED_BYTES = 256 * 1024;

    /** One range in use. By identity, since two operations may use the same one. */
    static final class Use {
        private final MemoryRegion region;
        private final long offset;
        private final long length;
        private final boolean written;
        private final long sum;

        private Use(MemoryRegion region, long offset, long length, boolean written) {
            this.region = region;
            this.offset = offset;
            this.length = length;
            this.written = written;
            this.sum = written ? 0 : sum();
        }

        private long sum() {
            if (length > SUMMED_BYTES) {
                return 0;
            }
            MemorySegment range = region.segment().asSlice(offset, length);
            CRC32C crc = new CRC32C();
            crc.update(range.asByteBuffer());
            return crc.getValue();
        }

        private boolean overlaps(Use other) {
            return region == other.region && offset < other.offset + other.length && other.offset < offset + length;
        }
    }

    private final CallerFaults faults;
    private final Set<Use> uses = new HashSet<>();

    BuffersInUse(CallerFaults faults) {
        this.faults = faults;
    }

    /** An operation is about to use a range; null if it uses none, or one that the provider will refuse. */
    @Nullable
    Use begin(Call call) {
        MemoryRegion region = call.local();
        if (region == null) {
            return null;
        }
        if (!region.segment().scope().isAlive()) {
            faults.add(call.kind() + " from memory that was closed before its region was released");
            return null;
        }
        if (call.offset() < 0 || call.length() <= 0 || call.offset() > region.size() - call.length()) {
            return null;
        }
        Use use = new Use(ForwardingRegion.unwrap(region), call.offset(), call.length(), call.kind() == Call.Kind.READ);
        synchronized (uses) {
            for (Use other : uses) {
                if ((use.written || other.written) && use.overlaps(other)) {
                    faults.add(call.kind() + " of " + use.length + " bytes at " + use.offset
                            + " uses a buffer that a read or another operation still has");
                }
            }
            uses.add(use);
        }
        return use;
    }

    /** The operation was refused, or its buffer is free again. */
    void end(@Nullable Use use, boolean accepted) {
        if (use == null) {
            return;
        }
        synchronized (uses) {
            uses.remove(use);
        }
        if (accepted && !use.written && use.region.segment().scope().isAlive() && use.sum() != use.sum) {
            faults.add(
                    "the source of " + use.length + " bytes at " + use.offset + " was changed before it was released");
        }
    }

    boolean isEmpty() {
        synchronized (uses) {
            return uses.isEmpty();
        }
    }
}
