package io.fairlead.transport.kcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.ConnectionHandler;
import io.fairlead.transport.Endpoint;
import io.fairlead.transport.Message;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KcpMetersTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final TransportConfig LOSING = TransportConfig.DEFAULT
            .with("weather.loss", "10")
            .with("weather.seed", "3")
            .with("kcp.batches", "false");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void tellWhatTheNetworkCostAndForgetNothingWhenAConnectionEnds() throws Exception {
        BadWeatherProvider provider = new BadWeatherProvider();
        int asked = 200;
        int bytes = 5000;
        try (Transport server = provider.start(LOSING, TransportContext.plain());
                Transport client =
                        provider.start(LOSING, TransportContext.plain().with(registry))) {
            Endpoint door =
                    server.listen(Endpoint.loopback(), peer -> new Echo()).endpoint();
            Connection connection =
                    client.connect(door, new ConnectionHandler() {}).get(20, TimeUnit.SECONDS);
            for (int i = 0; i < asked; i++) {
                connection
                        .request(MemorySegment.ofArray(new byte[bytes]), LONG)
                        .result()
                        .get(20, TimeUnit.SECONDS);
            }
            assertThat(registry.get("fairlead.kcp.rtt").gauge().value()).isPositive();
            connection.close(LONG).get(20, TimeUnit.SECONDS);
            double payload = counter("fairlead.kcp.payload", "direction", "out");
            assertThat(payload).isGreaterThan((double) asked * bytes);
            assertThat(counter("fairlead.kcp.wire", "direction", "out")).isGreaterThan(payload);
            assertThat(registry.get("fairlead.kcp.retransmits").functionCounters().stream()
                            .mapToDouble(FunctionCounter::count)
                            .sum())
                    .isPositive();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }

    private static final class Echo implements ConnectionHandler {
        @Override
        public void request(Connection from, long requestId, Message message) {
            from.reply(requestId, message.payload());
        }
    }
}
