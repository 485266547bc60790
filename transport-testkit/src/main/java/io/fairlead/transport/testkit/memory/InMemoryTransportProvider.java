package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.SoftwareTransport;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.util.Optional;

/** Transports that reach each other inside one process. */
public final class InMemoryTransportProvider implements TransportProvider {
    public static final String NAME = "memory";

    private static final InMemoryNetwork SHARED = new InMemoryNetwork();

    private final InMemoryNetwork network;

    /** On the network that all such providers share. */
    public InMemoryTransportProvider() {
        this(SHARED);
    }

    public InMemoryTransportProvider(InMemoryNetwork network) {
        this.network = network;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unavailableReason() {
        return Optional.empty();
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return start(config, context, new MemoryNode(network));
    }

    static Transport start(TransportConfig config, TransportContext context, MemoryNode node) {
        SoftwareTransport.check(NAME, config);
        SoftwareTransport transport = new SoftwareTransport(NAME, config, context, node);
        node.start();
        return transport;
    }
}
