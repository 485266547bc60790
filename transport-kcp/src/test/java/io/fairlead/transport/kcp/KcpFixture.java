package io.fairlead.transport.kcp;

import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import io.fairlead.transport.testkit.ChildJvm;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.RawPeers;
import io.fairlead.transport.testkit.TransportFixture;
import java.util.Optional;

/** KCP for the contract kit: real sockets, real processes. */
final class KcpFixture implements TransportFixture {
    private final String host;
    private final Class<? extends TransportProvider> provider;

    private KcpFixture(String host, Class<? extends TransportProvider> provider) {
        this.host = host;
        this.provider = provider;
    }

    static KcpFixture at(String host) {
        return new KcpFixture(host, KcpTransportProvider.class);
    }

    /** Losses, duplicates and reordering as the configuration says. */
    static KcpFixture inBadWeather() {
        return new KcpFixture("127.0.0.1", BadWeatherProvider.class);
    }

    @Override
    public String name() {
        return "kcp";
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        return provider == BadWeatherProvider.class
                ? new BadWeatherProvider().start(config, context)
                : new KcpTransportProvider().start(config, context);
    }

    @Override
    public PeerProcess startPeer(TransportConfig config, Endpoint listenAt) {
        return ChildJvm.start(provider, config, listenAt);
    }

    @Override
    public Endpoint listenAddress() {
        return new Endpoint(host, 0);
    }

    @Override
    public Optional<RawPeers> raw() {
        return Optional.of(new KcpRawPeers(provider == BadWeatherProvider.class ? 300 : 2000));
    }
}
