package io.fairlead.transport.kcp;

import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.core.SoftwareTransport;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.util.Optional;

/** The provider "kcp": runs wherever there is a UDP socket. Its settings are those of {@link KcpSettings}. */
public final class KcpTransportProvider implements TransportProvider {
    private final DatagramLayer layer;

    public KcpTransportProvider() {
        this(DatagramLayer.NONE);
    }

    /** With something under KCP that sees every datagram. */
    KcpTransportProvider(DatagramLayer layer) {
        this.layer = layer;
    }

    @Override
    public String name() {
        return "kcp";
    }

    @Override
    public Optional<String> unavailableReason() {
        return Optional.empty();
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        SoftwareTransport.check(name(), config);
        KcpSettings settings = KcpSettings.from(config.provider());
        Conversations conversations =
                context.meters() == null ? Conversations.UNCOUNTED : new KcpMeters(context.meters(), context.reason());
        KcpNetwork network = new KcpNetwork(settings, config.timeouts(), layer, conversations);
        return new SoftwareTransport(name(), config, context, network);
    }
}
