package io.fairlead.benchmarks.fairlead;

import io.fairlead.benchmarks.Contestant;
import io.fairlead.benchmarks.Regions;
import io.fairlead.benchmarks.Workload;
import io.fairlead.benchmarks.Workload.Kind;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Listener;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Rights;
import io.fairlead.transport.Transport;

/** Grants its region to whoever connects, and echoes messages. */
final class FairleadServer implements Contestant.ServerSide {
    private final Transport transport;
    private final String address;

    FairleadServer(Transport transport, Workload workload, Regions regions) {
        this.transport = transport;
        Listener listener = transport.listen(
                Endpoint.loopback(),
                peer -> workload.kind() == Kind.ECHO ? new EchoHandler(transport, workload) : new OneSided());
        address = listener.endpoint()
                + switch (workload.kind()) {
                    case ECHO -> "";
                    case WRITE -> " " + grant(transport.register(regions.target()), Rights.WRITE);
                    case READ -> " " + grant(transport.register(regions.source()), Rights.READ);
                };
    }

    private static String grant(MemoryRegion region, Rights rights) {
        return region.grant(rights).descriptor().toText();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void close() {
        transport.close();
    }

    /** The application takes no part in one-sided operations. */
    private static final class OneSided implements ConnectionHandler {
        @Override
        public Dispatch dispatch() {
            return Dispatch.INLINE;
        }
    }
}
