package io.fairlead.transport.rdma;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.SoftwareTransport;
import io.fairlead.transport.rdma.verbs.Availability;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.RdmaUnavailableException;
import io.fairlead.transport.rdma.verbs.VerbsException;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.util.Optional;

/** The provider "rdma": runs where there is an RDMA device. Its settings are those of {@link RdmaSettings}. */
public final class RdmaTransportProvider implements TransportProvider {
    @Override
    public String name() {
        return "rdma";
    }

    @Override
    public Optional<String> unavailableReason() {
        Availability availability = Rdma.probe();
        if (!availability.isAvailable()) {
            return Optional.of(availability.detail());
        }
        // A device without an address is of no use to the connection manager.
        try (ConnectionManager manager = new ConnectionManager(Rdma.open().createEventChannel())) {
            manager.device("");
            return Optional.empty();
        } catch (RdmaUnavailableException | VerbsException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Transport start(TransportConfig config, TransportContext context) {
        SoftwareTransport.check(name(), config);
        RdmaSettings settings = RdmaSettings.from(config.provider());
        RdmaNetwork network;
        try {
            network = RdmaNetwork.open(Rdma.open(), settings, config.timeouts(), context.meters() != null);
        } catch (RdmaUnavailableException | VerbsException | IllegalArgumentException e) {
            throw new TransportException(ErrorCode.UNAVAILABLE, "rdma cannot start: " + e.getMessage(), e);
        }
        if (context.meters() != null) {
            network.meters(new RdmaMeters(context.meters(), context.reason(), network));
        }
        return new SoftwareTransport(name(), config, context, network);
    }
}
