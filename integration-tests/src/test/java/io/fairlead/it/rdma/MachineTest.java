package io.fairlead.it.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a test tagged {@code rdma} finds on the machine that it runs on. */
@Tag("rdma")
class MachineTest {
    @Test
    void thereIsAnActiveDevice() throws IOException {
        Path port = Path.of("/sys/class/infiniband", variable("SOFT_ROCE_DEVICE"), "ports/1/state");
        assertThat(Files.readString(port)).contains("ACTIVE");
        assertThat(Path.of("/dev/infiniband/rdma_cm")).isReadable();
    }

    @Test
    void itsAddressIsThatOfAnInterface() throws IOException {
        InetAddress address = InetAddress.getByName(variable("SOFT_ROCE_ADDRESS"));
        assertThat(address.isLoopbackAddress()).isFalse();
        assertThat(NetworkInterface.getByInetAddress(address)).isNotNull();
    }

    @Test
    void theNameOfTheMachineResolves() throws IOException {
        assertThat(InetAddress.getLocalHost().getHostAddress()).isNotEmpty();
    }

    @Test
    void memoryMayBeLockedWithoutLimit() throws IOException {
        assertThat(Files.readAllLines(Path.of("/proc/self/limits")))
                .filteredOn(line -> line.startsWith("Max locked memory"))
                .singleElement()
                .satisfies(line -> assertThat(line).containsPattern("unlimited +unlimited"));
    }

    private static String variable(String name) {
        return assertThat(System.getenv(name)).as(name).isNotNull().actual();
    }
}
