package io.fairlead.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.MapBinder;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The chosen provider runs, or it is said why not. */
class TransportsTest {
    private static final FakeProvider TCP = new FakeProvider("tcp", null);
    private static final FakeProvider RDMA = new FakeProvider("rdma", "no device");
    private static final List<FakeProvider> KNOWN = List.of(TCP, RDMA);

    private static Transport open(TransportChoice choice) {
        return Transports.open(choice, KNOWN, TransportConfig.DEFAULT, TransportContext.plain());
    }

    @Test
    void anUnknownNameListsTheKnownOnesWithTheirAvailability() {
        assertThatThrownBy(() -> open(TransportChoice.required("quic")))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("unknown transport 'quic'")
                .hasMessageContaining("rdma (unavailable: no device), tcp (available)");
    }

    @Test
    void requiredNeverFallsBack() {
        assertThatThrownBy(() -> open(TransportChoice.required("rdma")))
                .hasMessageContaining("required rdma is unavailable: no device");
        assertThatThrownBy(() -> new TransportChoice(List.of("rdma", "tcp"), true))
                .hasMessageContaining("one required");
    }

    @Test
    void preferredFallsBackAndSaysWhyOnTheTransportAndOnEveryMeter() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Transport transport = Transports.open(
                TransportChoice.preferred("rdma", "tcp"),
                KNOWN,
                TransportConfig.DEFAULT,
                TransportContext.plain().with(meters))) {
            assertThat(transport.effective().name()).isEqualTo("tcp");
            assertThat(transport.effective().reason()).contains("preferred rdma is unavailable: no device");
            assertThat(meters.getMeters()).isNotEmpty().allSatisfy(meter -> {
                assertThat(meter.getId().getTag("transport")).isEqualTo("tcp");
                assertThat(meter.getId().getTag("reason")).contains("no device");
            });
        } catch (IllegalStateException onLoop) {
            // The manual network's loop is this thread, which may not block; nothing is left to close.
        }
    }

    @Test
    void guiceBindsTheSameWithOrWithoutARegistry() {
        for (boolean metered : new boolean[] {false, true}) {
            Injector injector = Guice.createInjector(
                    new TransportModule(TransportChoice.required("tcp"), TransportConfig.DEFAULT),
                    new AbstractModule() {
                        @Override
                        protected void configure() {
                            MapBinder.newMapBinder(binder(), String.class, TransportProvider.class)
                                    .addBinding("tcp")
                                    .toInstance(TCP);
                            if (metered) {
                                bind(MeterRegistry.class).toInstance(new SimpleMeterRegistry());
                            }
                        }
                    });
            Transport transport = injector.getInstance(Transport.class);
            assertThat(transport.effective().reason()).isEqualTo("required");
            assertThat(injector.getInstance(Transport.class)).isSameAs(transport);
            if (metered) {
                assertThat(injector.getInstance(MeterRegistry.class).getMeters())
                        .isNotEmpty();
            }
        }
    }
}
