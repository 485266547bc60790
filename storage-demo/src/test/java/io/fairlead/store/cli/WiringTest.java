package io.fairlead.store.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.store.config.FairleadConfig;
import io.fairlead.store.config.TransportSettings;
import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.core.Transports;
import io.fairlead.transport.spi.TransportProvider;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** With the providers that the store comes with. */
class WiringTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static TransportSettings settings(String... sets) {
        return FairleadConfig.load(null, List.of(sets)).transport();
    }

    private static String whyNoRdma() {
        TransportProvider rdma = Objects.requireNonNull(Transports.installed().get("rdma"));
        assumeTrue(!rdma.isAvailable(), "this machine has an RDMA device");
        return rdma.unavailableReason().orElseThrow();
    }

    @Test
    void aRequiredTransportThatCannotRunSaysWhyAndWhatToDo() {
        String why = whyNoRdma();
        assertThatThrownBy(() -> Wiring.transport(settings("transport.providers=[rdma]"), meters))
                .isInstanceOfSatisfying(
                        TransportException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessage("UNAVAILABLE: rdma cannot run here: " + why
                        + ". Use --transport tcp, or --transport rdma,tcp to fall back"
                        + " to it; integration-tests/soft-roce/run COMMAND runs a command on a machine with RDMA");
    }

    @Test
    void aFallbackCanBeReadOnTheTransportAndOnEveryMeter() {
        String reason = "preferred rdma is unavailable: " + whyNoRdma();
        try (Transport transport =
                Wiring.transport(settings("transport.providers=[rdma,tcp]", "transport.choice=preferred"), meters)) {
            assertThat(transport.effective().name()).isEqualTo("tcp");
            assertThat(transport.effective().reason()).isEqualTo(reason);
            assertThat(meters.getMeters()).isNotEmpty().allSatisfy(meter -> {
                Meter.Id id = meter.getId();
                assertThat(id.getTag("transport")).isEqualTo("tcp");
                assertThat(id.getTag("reason")).isEqualTo(reason);
            });
        }
    }

    @Test
    void anUnknownTransportListsTheKnownOnes() {
        assertThatThrownBy(() -> Wiring.transport(settings("transport.providers=[pigeon]"), meters))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("unknown transport 'pigeon'")
                .hasMessageContaining("tcp (available)");
    }
}
