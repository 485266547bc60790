package io.fairlead.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sizes and offsets are long. */
class LargeRegionTest {
    private static final long GIB = 1L << 30;

    @Test
    void aRegionOfMoreThan2GiBIsReachedUpToItsLastByte() throws Exception {
        long size = 2 * GIB + (64 << 20);
        try (Transport transport =
                new TcpTransportProvider().start(TransportConfig.DEFAULT, TransportContext.plain())) {
            MemoryRegion target = transport.allocate(size);
            MemoryRegion source = transport.allocate(8 << 20);
            long seed = new Random().nextLong();
            Random random = new Random(seed);
            for (long at = 0; at < source.size(); at += 8) {
                source.segment().set(ValueLayout.JAVA_LONG, at, random.nextLong());
            }
            RegionDescriptor all = target.grant(Rights.READ_WRITE).descriptor();
            Connection connection = transport
                    .connect(
                            transport
                                    .listen(Endpoint.loopback(), peer -> new ConnectionHandler() {})
                                    .endpoint(),
                            new ConnectionHandler() {})
                    .get(10, TimeUnit.SECONDS);
            // Around 512 MiB and 1 GiB the views of the socket calls change, at 2 GiB an int would overflow.
            for (long offset : new long[] {0, GIB / 2 - 5000, GIB - 3, 2 * GIB - 4_000_001, size - (8 << 20)}) {
                connection.write(source, 0, all, offset, 8 << 20).await();
                assertThat(target.segment().asSlice(offset, 8 << 20).mismatch(source.segment()))
                        .as("written at %d, seed %d", offset, seed)
                        .isEqualTo(-1);
                connection.read(source, 0, all, offset, 8 << 20).await();
            }
        }
    }
}
