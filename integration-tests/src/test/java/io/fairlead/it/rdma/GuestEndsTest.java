package io.fairlead.it.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However a guest ends, the script tells why, and leaves nothing behind. */
@NeedsGuests
@Timeout(150)
class GuestEndsTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void aGuestThatHangsIsEndedWhenTheTimeIsUp() throws Exception {
        try (GuestRun run = GuestRun.start(directory, "--timeout", "15", "sleep", "1000")) {
            assertThat(run.await()).isEqualTo(124);
            assertThat(run.stderr()).contains("the time is up: 15 s");
            assertNothingLeft(run);
        }
    }

    @Test
    void aKernelThatPanicsIsReportedWithItsLastWords() throws Exception {
        try (GuestRun run = GuestRun.start(
                directory, "--timeout", "100", "bash", "-c", "echo before; sleep 1; echo c >/proc/sysrq-trigger")) {
            assertThat(run.await()).isEqualTo(125);
            assertThat(run.stdout()).isEqualTo("before\n");
            assertThat(run.stderr()).contains("guest 1 has died").contains("sysrq triggered crash");
            assertNothingLeft(run);
        }
    }

    @Test
    void aTerminatedScriptTakesItsGuestAlong() throws Exception {
        try (GuestRun run = GuestRun.start(directory, "sleep", "1000")) {
            await().atMost(BOUND).until(run::guestIsStarted);
            run.terminate();
            assertThat(run.await()).isEqualTo(143);
            assertNothingLeft(run);
        }
    }

    @Test
    void aKilledScriptTakesItsGuestAlongAndTheNextRunCleansUp() throws Exception {
        try (GuestRun run = GuestRun.start(directory, "sleep", "1000")) {
            await().atMost(BOUND).until(run::guestIsStarted);
            run.kill();
            run.await();
            await().atMost(BOUND).until(() -> run.processes().isEmpty());
            assertThat(run.files()).isNotEmpty();
        }
        try (GuestRun next = GuestRun.start(directory, "--memory", "nonsense", "true")) {
            assertThat(next.await()).isEqualTo(125);
            assertThat(next.stderr()).contains("nonsense");
            assertNothingLeft(next);
        }
    }

    private static void assertNothingLeft(GuestRun run) throws IOException {
        await().atMost(BOUND).untilAsserted(() -> assertThat(run.processes()).isEmpty());
        assertThat(run.files()).isEmpty();
    }
}
