package io.fairlead.transport.tcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.ChildJvm;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.RawPeers;
import io.fairlead.transport.testkit.SocketRawPeers;
import io.fairlead.transport.testkit.TransportFixture;
import java.util.Optional;

/** TCP for the contract kit: real sockets, real processes. */
final class TcpFixture implements TransportFixture {
    private final String host;

    TcpFixture(String host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return new TcpTransportProvider().start(config, context);
    }

    @Override
    public PeerProcess startPeer(TransportConfig config, Endpoint listenAt) {
        return ChildJvm.start(TcpTransportProvider.class, config, listenAt);
    }

    @Override
    public Endpoint listenAddress() {
        return new Endpoint(host, 0);
    }

    @Override
    public Optional<RawPeers> raw() {
        return Optional.of(new SocketRawPeers());
    }
}
