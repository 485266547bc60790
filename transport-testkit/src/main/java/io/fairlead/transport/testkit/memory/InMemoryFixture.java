package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.RawPeers;
import io.fairlead.transport.testkit.TransportFixture;
import java.util.Optional;

/** The contract kit's fixture for the in-memory provider, on a network of its own. */
public final class InMemoryFixture implements TransportFixture {
    private final InMemoryNetwork network;

    public InMemoryFixture() {
        this(new InMemoryNetwork());
    }

    public InMemoryFixture(InMemoryNetwork network) {
        this.network = network;
    }

    @Override
    public String name() {
        return InMemoryTransportProvider.NAME;
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return new InMemoryTransportProvider(network).start(config, context);
    }

    @Override
    public PeerProcess startPeer(TransportConfig config, Endpoint listenAt) {
        return new InMemoryPeer(network, config, listenAt);
    }

    @Override
    public Endpoint listenAddress() {
        return new Endpoint("memory", 0);
    }

    @Override
    public Optional<RawPeers> raw() {
        return Optional.of(new InMemoryRawPeers(network));
    }
}
