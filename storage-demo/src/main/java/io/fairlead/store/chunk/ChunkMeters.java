package io.fairlead.store.chunk;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** What an operator sees of the chunks. */
final class ChunkMeters {
    private final Timer writes;
    private final Timer reads;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Counter rotten;

    ChunkMeters(MeterRegistry registry, IntSupplier chunks, LongSupplier bytes, IntSupplier damaged) {
        writes = Timer.builder("store.chunk.write")
                .description("checking and persisting a chunk")
                .register(registry);
        reads = Timer.builder("store.chunk.read")
                .description("loading and checking a chunk")
                .register(registry);
        bytesIn = bytes(registry, "in");
        bytesOut = bytes(registry, "out");
        rotten = Counter.builder("store.chunk.rotten")
                .description("chunks found torn or rotten and set aside")
                .register(registry);
        Gauge.builder("store.chunks", chunks::getAsInt)
                .description("chunks that can be read")
                .register(registry);
        Gauge.builder("store.chunks.bytes", bytes::getAsLong)
                .baseUnit("bytes")
                .description("data of those chunks")
                .register(registry);
        Gauge.builder("store.chunks.damaged", damaged::getAsInt)
                .description("chunks known to be damaged")
                .register(registry);
    }

    private static Counter bytes(MeterRegistry registry, String direction) {
        return Counter.builder("store.chunk.bytes")
                .baseUnit("bytes")
                .tag("direction", direction)
                .description("data of chunks persisted (in) and loaded (out)")
                .register(registry);
    }

    void written(long ns, int bytes) {
        writes.record(ns, TimeUnit.NANOSECONDS);
        bytesIn.increment(bytes);
    }

    void read(long ns, int bytes) {
        reads.record(ns, TimeUnit.NANOSECONDS);
        bytesOut.increment(bytes);
    }

    void rotten() {
        rotten.increment();
    }
}
