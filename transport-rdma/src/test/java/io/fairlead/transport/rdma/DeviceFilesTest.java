package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFilesTest {
    @TempDir
    private Path all;

    @Test
    void aDeviceIsDownWhenAllItsPortsAre() throws IOException {
        DeviceFiles device = DeviceFiles.of(all, "mlx4_0");
        write("mlx4_0/ports/1/state", "1: DOWN");
        assertThat(device.hasActivePort()).isFalse();

        write("mlx4_0/ports/2/state", "2: INIT");
        assertThat(device.hasActivePort()).isFalse();

        write("mlx4_0/ports/2/state", "4: ACTIVE");
        assertThat(device.hasActivePort()).isTrue();
    }

    @Test
    void whatIsNotToldIsNotKnown() {
        DeviceFiles none = DeviceFiles.of(all, "mlx5_9");

        assertThat(none.hasActivePort()).isTrue();
        assertThat(none.isIwarp()).isFalse();
    }

    @Test
    void iwarpIsTold() throws IOException {
        write("cxgb4_0/node_type", "4: RNIC");
        write("mlx5_0/node_type", "1: CA");

        assertThat(DeviceFiles.of(all, "cxgb4_0").isIwarp()).isTrue();
        assertThat(DeviceFiles.of(all, "mlx5_0").isIwarp()).isFalse();
    }

    private void write(String file, String content) throws IOException {
        Path path = all.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content + "\n");
    }
}
