package io.fairlead.transport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a test learns from a peer process, in answers and when there is none. */
@Timeout(30)
class PeerAnswersTest {
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void answersComeInTheirOrderAndWithoutTheirOk() throws IOException {
        PeerAnswers answers = answersOf("echo ok 127.0.0.1:7; echo ok two words; exec cat", Duration.ofSeconds(20));
        assertThat(answers.next("the start")).isEqualTo("127.0.0.1:7");
        assertThat(answers.next("count")).isEqualTo("two words");
    }

    @Test
    void theLastWordsOfACrashAreToldAsAWhole() throws IOException {
        PeerAnswers answers =
                answersOf("echo '#'; echo; echo '# A fatal error has been detected'; exit 134", Duration.ofSeconds(20));
        assertRefused(
                answers,
                "the peer process answered grant with '#\n\n# A fatal error has been detected'; a report on its errors");
    }

    @Test
    void aRefusalIsToldWithoutWaitingForMore() throws IOException {
        PeerAnswers answers = answersOf("echo error no such region; exec sleep 60", Duration.ofSeconds(20));
        assertRefused(answers, "the peer process answered grant with 'error no such region'; a report on its errors");
    }

    @Test
    void theEndOfTheProcessIsTold() throws IOException {
        assertRefused(
                answersOf("exit 1", Duration.ofSeconds(20)),
                "the peer process answered grant with its end; a report on its errors");
    }

    @Test
    void silenceIsToldWhenPatienceIsOver() throws IOException {
        assertRefused(
                answersOf("exec sleep 60", Duration.ofMillis(50)),
                "the peer process answered grant with nothing; a report on its errors");
    }

    private PeerAnswers answersOf(String script, Duration patience) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", script).start();
        processes.add(process);
        return new PeerAnswers(process, patience, () -> "a report on its errors");
    }

    private static void assertRefused(PeerAnswers answers, String message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> answers.next("grant"))
                .withMessage(message);
    }
}
