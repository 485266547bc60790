package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A device that goes ends what went over it, and says so; on a second device of Soft-RoCE, over a dummy interface. Needs root. */
@Tag("rdma")
class DeviceLossTest {
    private static final String INTERFACE = "fairlead-dummy";
    private static final String DEVICE = "fairlead_rxe";
    private static final String ADDRESS = "10.78.0.1";
    private static final int HALF_A_SECOND = 14;
    private static final int HALF_A_MINUTE = 20;

    @BeforeEach
    void makeTheDevice() throws Exception {
        run("ip link add " + INTERFACE + " type dummy; ip address add " + ADDRESS + "/24 dev " + INTERFACE
                + "; ip link set " + INTERFACE + " up; rdma link add " + DEVICE + " type rxe netdev " + INTERFACE);
    }

    @AfterEach
    void removeTheDevice() throws Exception {
        run("rdma link del " + DEVICE + " 2>/dev/null; ip link del " + INTERFACE);
        Path device = Path.of("/sys/class/infiniband", DEVICE);
        Await.until("the device is gone", Duration.ofSeconds(30), () -> !Files.exists(device));
    }

    @Test
    void aPortThatStaysDownEndsConnectionsThoughNothingIsSent() throws Exception {
        assertThat(told(HALF_A_SECOND, true, "ip link set " + INTERFACE + " down"))
                .containsPattern("near PEER_DEAD: .*no port of the device " + DEVICE + " is up since \\d+ ms")
                .containsPattern("far PEER_DEAD: .*no port of the device " + DEVICE)
                .contains("with one transport: 1 threads for events")
                .contains("with none: 0 threads for events");
    }

    @Test
    void aPortThatComesBackInTimeEndsNone() throws Exception {
        assertThat(told(HALF_A_MINUTE, false, "ip link set " + INTERFACE + " down; ip link set " + INTERFACE + " up"))
                .contains("near is OPEN");
    }

    @Test
    void aDeviceThatIsRemovedEndsConnectionsAndListeners() throws Exception {
        // The kernel waits with that until nobody has the device open.
        assertThat(told(HALF_A_SECOND, true, "rdma link del " + DEVICE + " &"))
                .containsPattern("near INTERNAL: .*the device " + DEVICE + " was removed")
                // Or what the near end does by then.
                .containsPattern("far (INTERNAL: .*the device " + DEVICE + " was removed|PEER_DEAD: .*the peer left)")
                .contains("nobody can connect any more")
                .contains("with none: 0 threads for events");
    }

    /** What {@link DeviceLossProgram} and its log say. */
    private static String told(int ackTimeout, boolean ends, String command) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeviceLossProgram.class.getName(),
                        ADDRESS,
                        DEVICE,
                        Integer.toString(ackTimeout),
                        Boolean.toString(ends),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
        return output;
    }

    private static void run(String commands) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", commands)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(commands + ": " + output).isZero();
    }
}
