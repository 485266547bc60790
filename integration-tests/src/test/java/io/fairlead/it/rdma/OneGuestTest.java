package io.fairlead.it.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command finds in a guest, and what comes back of it; all from a single boot. */
@NeedsGuests
@Timeout(150)
class OneGuestTest {
    private static final String COMMAND = """
            echo "to the error output" >&2
            rdma link
            ibv_devinfo -d "$SOFT_ROCE_DEVICE" | grep state
            echo "given $GIVEN, in $PWD"
            echo "clock $(date +%s)"
            echo "name $(getent hosts "$(hostname)")"
            echo kept >"$RESULTS/kept"
            echo lost >lost && cat lost
            # On a busy machine the server may need longer, or cannot tell the frequency of its clock.
            for attempt in 1 2 3 4 5; do
              ib_write_lat -R -n 100 >/dev/null &
              sleep 1
              ib_write_lat -R -n 100 "$SOFT_ROCE_ADDRESS" | grep -A 1 t_typical && break
              kill $! && wait $!
            done
            exit 7
            """;

    @TempDir
    static Path directory;

    private static String stdout = "";
    private static String stderr = "";
    private static int code;
    private static long endedAtSeconds;

    @BeforeAll
    static void boot() throws Exception {
        Path results = directory.resolve("results, with a comma");
        try (GuestRun run = GuestRun.start(
                directory,
                "--writable",
                results.toString(),
                "--directory",
                directory.toString(),
                "--env",
                "GIVEN=two words",
                "--env",
                "RESULTS=" + results,
                "--timeout",
                "100",
                "bash",
                "-c",
                COMMAND)) {
            code = run.await();
            endedAtSeconds = System.currentTimeMillis() / 1000;
            stdout = run.stdout();
            stderr = run.stderr();
        }
    }

    @Test
    void theExitCodeIsThatOfTheCommand() {
        assertThat(code).as("output: %s, errors: %s", stdout, stderr).isEqualTo(7);
    }

    @Test
    void theOutputsAreKeptApart() {
        assertThat(stderr).contains("to the error output");
        assertThat(stdout).doesNotContain("to the error output").doesNotContain("soft-roce:");
    }

    @Test
    void theKernelHasASoftRoceDeviceThatIsActive() {
        assertThat(stdout).contains("link rxe0/1 state ACTIVE").contains("PORT_ACTIVE");
    }

    @Test
    void writesOverRdmaAreMeasured() {
        // bytes, iterations, minimum, maximum, and so on
        assertThat(stdout).containsPattern("\\n *2 +100 +[0-9.]+ ");
    }

    @Test
    void environmentAndDirectoryAreAsGiven() {
        assertThat(stdout).contains("given two words, in " + directory);
    }

    @Test
    void theClockIsRightAndTheNameResolves() {
        assertThat(stdout).contains("name 10.77.0.1");
        long clock = stdout.lines()
                .filter(line -> line.startsWith("clock "))
                .mapToLong(line -> Long.parseLong(line.substring(6)))
                .findAny()
                .orElseThrow();
        assertThat(clock).isBetween(endedAtSeconds - 100, endedAtSeconds + 1);
    }

    @Test
    void onlyWritableDirectoriesKeepWhatIsWritten() throws IOException {
        assertThat(directory.resolve("results, with a comma/kept")).hasContent("kept");
        assertThat(stdout).contains("lost\n");
        assertThat(directory.resolve("lost")).doesNotExist();
        try (var left = Files.list(directory.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }
}
