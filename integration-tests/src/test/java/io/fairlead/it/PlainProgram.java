package io.fairlead.it;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.TransportChoice;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportContext;
import java.lang.foreign.ValueLayout;

/** Writes a word over TCP and reads it from the target; run with a class path of its own. */
final class PlainProgram {
    private PlainProgram() {}

    public static void main(String[] arguments) {
        try (Transport transport =
                Transports.open(TransportChoice.required("tcp"), TransportConfig.DEFAULT, TransportContext.plain())) {
            MemoryRegion source = transport.allocate(8);
            MemoryRegion target = transport.allocate(8);
            source.segment().set(ValueLayout.JAVA_LONG, 0, 42);
            Connection connection = transport
                    .connect(
                            transport
                                    .listen(Endpoint.loopback(), peer -> new ConnectionHandler() {})
                                    .endpoint(),
                            new ConnectionHandler() {})
                    .join();
            connection
                    .write(source, 0, target.grant(Rights.WRITE).descriptor(), 0, 8)
                    .await();
            System.out.println("the target holds " + target.segment().get(ValueLayout.JAVA_LONG, 0));
        }
    }
}
