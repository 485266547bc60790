package io.fairlead.transport.tcp;

import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.SoftwareTransport;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.util.Optional;

/** The provider "tcp": runs wherever there is a socket. Its settings are those of {@link TcpConfig}. */
public final class TcpTransportProvider implements TransportProvider {
    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public Optional<String> unavailableReason() {
        return Optional.empty();
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        SoftwareTransport.check(name(), config);
        TcpNetwork network = new TcpNetwork(TcpConfig.from(config.provider()), config.timeouts());
        SoftwareTransport transport = new SoftwareTransport(name(), config, context, network);
        network.start();
        return transport;
    }
}
