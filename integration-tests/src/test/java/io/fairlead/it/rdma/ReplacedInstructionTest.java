package io.fairlead.it.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code may be replaced while it runs, as virtual machines do: a machine that does not bear it breaks them now and then. */
@Tag("rdma")
@Timeout(120)
class ReplacedInstructionTest {
    @Test
    void anInstructionIsTheOldOneOrTheNewOneWhileItIsReplaced() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-XX:+ErrorFileToStderr",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReplacedInstruction.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).containsPattern("called \\d{6,} times");
    }
}
