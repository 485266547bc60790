package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.transport.rdma.RdmaSettings.Polling;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RdmaSettingsTest {
    @Test
    void whatIsMissingHasItsDefaultAndOthersAreLeftAlone() {
        RdmaSettings read = RdmaSettings.from(Map.of("tcp.loops", "7", "rdma.polling", "busy", "rdma.slots", "128"));
        assertThat(read.polling()).isEqualTo(Polling.BUSY);
        assertThat(read.slots()).isEqualTo(128);
        assertThat(read.retries()).as("7 would be for ever").isEqualTo(6);
        assertThat(read.loops()).isEqualTo(1);
    }

    @Test
    void everyFaultIsNamedAtOnceWithItsLimit() {
        assertThatThrownBy(() -> RdmaSettings.from(Map.of(
                        "rdma.retries", "7", "rdma.polling", "sometimes", "rdma.slotBytes", "x", "rdma.speed", "11")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retries is 7, allowed 0..6")
                .hasMessageContaining("polling is 'sometimes', known: busy, adaptive, event")
                .hasMessageContaining("slotBytes is 'x', wanted a whole number")
                .hasMessageContaining("unknown setting rdma.speed, known: device");
    }

    @Test
    void slotsThatAreTooMuchTogetherAreRefused() {
        assertThatThrownBy(() -> RdmaSettings.from(Map.of("rdma.slots", "4096", "rdma.slotBytes", "1048576")))
                .hasMessageContaining("slots x slotBytes is 4294967296");
    }
}
