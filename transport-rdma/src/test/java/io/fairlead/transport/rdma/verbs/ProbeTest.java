package io.fairlead.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is wrong with a host is told apart; each host is a child process that sees another {@code /dev}. Needs root. */
@Tag("rdma")
class ProbeTest {
    private static final String NO_LOCKING = "--bounding-set=-ipc_lock --inh-caps=-ipc_lock";

    @Test
    void deviceThatWorksIsAvailable() throws Exception {
        assertThat(Rdma.probe().isAvailable()).isTrue();
        assertThat(Rdma.probe().detail()).contains(System.getenv("SOFT_ROCE_DEVICE"));
    }

    @Test
    void missingDeviceFilesAreNoDevice() throws Exception {
        assertThat(java("mount -t tmpfs none /dev/infiniband; exec \"$@\"")).contains("reason=NO_DEVICE");
    }

    @Test
    void deviceFilesOfOthersAreNoPermission() throws Exception {
        // Nodes as the kernel's, but of another user, and a root that may not override that.
        String script = "nodes=$(cd /dev/infiniband && stat -c '%n %Hr %Lr' *); mount -t tmpfs none /dev/infiniband; "
                + "cd /dev/infiniband; echo \"$nodes\" | while read n major minor; do mknod -m 600 $n c $major $minor; "
                + "chown 65534 $n; done; cd - >/dev/null; exec setpriv --bounding-set=-dac_override,-dac_read_search "
                + "--inh-caps=-dac_override,-dac_read_search \"$@\"";
        assertThat(java(script)).contains("reason=NO_PERMISSION").contains("/dev/infiniband");
    }

    @Test
    void noLockedMemoryIsNamed() throws Exception {
        String script = "ulimit -l 0; exec setpriv " + NO_LOCKING + " \"$@\"";

        assertThat(java(script)).contains("reason=NO_LOCKED_MEMORY").contains("RLIMIT_MEMLOCK is 0 bytes");
    }

    @Test
    void registeringOverTheLimitNamesLimitAndLength() throws Exception {
        String script = "ulimit -l 8192; exec setpriv " + NO_LOCKING + " \"$@\"";

        assertThat(java(script, "4096")).contains("registered 4096");
        assertThat(java(script, "16777216"))
                .contains("16777216 bytes")
                .contains("RLIMIT_MEMLOCK 8388608 bytes")
                .contains("ENOMEM");
    }

    /** Runs {@link ProbeProgram} as the script's arguments, among mounts of its own. */
    private static String java(String script, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-ec", script, "sh"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ProbeProgram.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
