package io.fairlead.it.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two guests are two machines, as far from each other as is asked for. */
@NeedsGuests
@Timeout(150)
class TwoGuestsTest {
    private static final Pattern ROUND_TRIP = Pattern.compile("round-trip min/avg/max = ([0-9.]+)/");

    @TempDir
    Path directory;

    @Test
    void theyReachEachOtherAfterTheDelay() throws Exception {
        String client = """
                busybox ping -c 3 "$SOFT_ROCE_PEER" || exit 1
                rping -c -a "$SOFT_ROCE_PEER" -C 2 -v || exit 2
                exit 9
                """;
        try (GuestRun run = GuestRun.start(
                directory,
                "--peer",
                "echo \"serving on $SOFT_ROCE_ADDRESS\"; rping -s -a $SOFT_ROCE_ADDRESS -C 2; sleep 1000",
                "--delay",
                "20ms",
                "--timeout",
                "100",
                "bash",
                "-c",
                client)) {
            assertThat(run.await()).as("errors: %s", run.stderr()).isEqualTo(9);
            assertThat(run.stdout().lines())
                    .contains("2: serving on 10.77.0.2")
                    .anyMatch(line -> line.startsWith("1: ping data: rdma-ping-1:"));
            Matcher roundTrip = ROUND_TRIP.matcher(run.stdout());
            assertThat(roundTrip.find()).as(run.stdout()).isTrue();
            // 20 ms each way
            assertThat(Double.parseDouble(roundTrip.group(1))).isBetween(40.0, 200.0);
            assertThat(run.processes()).isEmpty();
            assertThat(run.files()).isEmpty();
        }
    }
}
