package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortCounterTest {
    @TempDir
    private Path device = Path.of("");

    private void file(int port, String name, String text) throws Exception {
        Path counters = Files.createDirectories(device.resolve("ports/" + port + "/hw_counters"));
        Files.writeString(counters.resolve(name), text);
    }

    @Test
    void portsAreAddedUp() throws Exception {
        file(1, "out_of_buffer", "17\n");
        file(2, "out_of_buffer", "4\n");
        PortCounter counter = PortCounter.of(device, PortCounter.RNR_SENT);
        assertThat(counter.exists()).isTrue();
        assertThat(counter.value()).isEqualTo(21);
    }

    @Test
    void aDriverThatDoesNotCountHasNone() throws Exception {
        file(1, "lifespan", "10\n");
        assertThat(PortCounter.of(device, PortCounter.RNR_SENT).exists()).isFalse();
        assertThat(PortCounter.of(device.resolve("none"), PortCounter.RNR_SENT).exists())
                .isFalse();
    }

    @Test
    void whatCannotBeReadIsNoNumber() throws Exception {
        file(1, "rcvd_rnr_err", "17\n");
        PortCounter counter = PortCounter.of(device, PortCounter.RNR_RECEIVED);
        Files.delete(device.resolve("ports/1/hw_counters/rcvd_rnr_err"));
        assertThat(counter.value()).isNaN();
    }

    @Test
    @Tag("rdma")
    void thisDeviceCounts() {
        String name = Objects.requireNonNull(System.getenv("SOFT_ROCE_DEVICE"), "SOFT_ROCE_DEVICE");
        for (List<String> names : List.of(PortCounter.RNR_RECEIVED, PortCounter.RNR_SENT)) {
            PortCounter counter = PortCounter.of(name, names);
            assertThat(counter.exists()).as(names.toString()).isTrue();
            assertThat(counter.value()).isNotNegative();
        }
    }
}
