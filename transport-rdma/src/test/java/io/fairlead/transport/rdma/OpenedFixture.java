package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.SoftwareTransport;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.TransportFixture;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Transports as the provider makes them, whose network a test can reach. */
final class OpenedFixture implements TransportFixture {
    private final Map<Transport, RdmaNetwork> networks = new ConcurrentHashMap<>();
    private final RdmaFixture rdma = new RdmaFixture();

    /** Of a transport that this has started. */
    RdmaNetwork network(Transport of) {
        return Objects.requireNonNull(networks.get(of));
    }

    RdmaLoop loop(Transport of, int number) {
        return network(of).loops().get(number);
    }

    @Override
    public String name() {
        return rdma.name();
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        try {
            RdmaNetwork network =
                    RdmaNetwork.open(Rdma.open(), RdmaSettings.from(config.provider()), config.timeouts(), false);
            Transport transport = new SoftwareTransport(name(), config, context, network);
            networks.put(transport, network);
            return transport;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public PeerProcess startPeer(TransportConfig config, Endpoint listenAt) {
        return rdma.startPeer(config, listenAt);
    }

    @Override
    public Endpoint listenAddress() {
        return rdma.listenAddress();
    }

    @Override
    public boolean movesWithoutTarget() {
        return rdma.movesWithoutTarget();
    }
}
