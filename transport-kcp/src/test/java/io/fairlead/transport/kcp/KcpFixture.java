package io.fairlead.transport.kcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.ChildJvm;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.TransportFixture;

/** KCP for the contract kit: real sockets, real processes. */
final class KcpFixture implements TransportFixture {
    private final String host;

    KcpFixture(String host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "kcp";
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return new KcpTransportProvider().start(config, context);
    }

    @Override
    public PeerProcess startPeer(TransportConfig config, Endpoint listenAt) {
        return ChildJvm.start(KcpTransportProvider.class, config, listenAt);
    }

    @Override
    public Endpoint listenAddress() {
        return new Endpoint(host, 0);
    }
}
