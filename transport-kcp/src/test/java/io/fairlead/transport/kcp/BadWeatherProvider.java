package io.fairlead.transport.kcp;

import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import java.util.Optional;

/** The provider in bad weather, as {@code weather.loss} (percent) and {@code weather.seed} say; also in processes of their own. */
public final class BadWeatherProvider implements TransportProvider {
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
        int loss = Integer.parseInt(config.provider().getOrDefault("weather.loss", "0"));
        long seed = Long.parseLong(config.provider().getOrDefault("weather.seed", "1"));
        return new KcpTransportProvider(new BadWeather(loss, seed)).start(config, context);
    }
}
