package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.ChildJvm;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.RawPeers;
import io.fairlead.transport.testkit.TransportFixture;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** RDMA for the contract kit: real queue pairs, real processes. */
final class RdmaFixture implements TransportFixture {
    private final Map<String, String> settings;

    RdmaFixture() {
        this(Map.of());
    }

    /** With settings of the provider, such as {@code rdma.polling}, beside those that a test has. */
    RdmaFixture(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "rdma" + (settings.isEmpty() ? "" : settings);
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return new RdmaTransportProvider().start(chosen(config), context);
    }

    private TransportConfig chosen(TransportConfig config) {
        TransportConfig chosen = config;
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            chosen = chosen.with(setting.getKey(), setting.getValue());
        }
        return chosen;
    }

    @Override
    public PeerProcess startPeer(TransportConfig config, Endpoint listenAt) {
        return ChildJvm.start(RdmaTransportProvider.class, chosen(config), listenAt);
    }

    @Override
    public Endpoint listenAddress() {
        return new Endpoint(Objects.requireNonNull(System.getenv("SOFT_ROCE_ADDRESS"), "SOFT_ROCE_ADDRESS"), 0);
    }

    @Override
    public boolean movesWithoutTarget() {
        return true;
    }

    @Override
    public Optional<RawPeers> raw() {
        return Optional.of(new RdmaRawPeers(listenAddress()));
    }
}
