package io.fairlead.transport.rdma;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.TransportFixture;

/** RDMA with every peer process in the other guest. What stays in one process passes no network, so it is not for such promises. */
final class TwoGuestsFixture implements TransportFixture {
    private final RdmaFixture here = new RdmaFixture();

    @Override
    public String name() {
        return "rdma between guests";
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return here.start(config, context);
    }

    @Override
    public PeerProcess startPeer(TransportConfig config, Endpoint listenAt) {
        return GuestPeer.start(config, new Endpoint(OtherGuest.address(), listenAt.port()));
    }

    @Override
    public Endpoint listenAddress() {
        return here.listenAddress();
    }

    @Override
    public Endpoint deadAddress() {
        return new Endpoint(OtherGuest.address(), 1);
    }

    @Override
    public boolean movesWithoutTarget() {
        return here.movesWithoutTarget();
    }
}
