package io.fairlead.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Faulty configuration is refused, all faults at once, with limit and value. */
class ConfigTest {
    @Test
    void limitsNameEveryFault() {
        assertThatThrownBy(() -> Limits.DEFAULT.withMessages(0, 0, -1))
                .hasMessageContaining("maxMessageBytes is 0, allowed 1..")
                .hasMessageContaining("messageCredits is 0")
                .hasMessageContaining("messageCreditBytes is -1");
    }

    @Test
    void creditsCoverTheLargestMessage() {
        assertThatThrownBy(() -> Limits.DEFAULT.withMessages(1000, 1, 999)).hasMessageContaining("999, allowed 1000..");
    }

    @Test
    void timeoutsArePositiveAndKeepAliveOutlastsItsInterval() {
        assertThatThrownBy(() -> Timeouts.DEFAULT.withOperation(Duration.ZERO))
                .hasMessageContaining("operation is PT0S");
        assertThatThrownBy(() -> Timeouts.DEFAULT.withKeepAlive(Duration.ofSeconds(3), Duration.ofSeconds(3)))
                .hasMessageContaining("must be longer than keepAliveInterval");
    }

    @Test
    void errorCodesHaveDistinctNumbersThatComeBack() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number).distinct())
                .hasSize(ErrorCode.values().length);
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.ofNumber(code.number())).isEqualTo(code);
            assertThat(ErrorCode.ofRefusal(code.refusal())).isEqualTo(code);
        }
        assertThat(ErrorCode.ofNumber(60_000)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(ErrorCode.ofRefusal(Long.MIN_VALUE)).isEqualTo(ErrorCode.INTERNAL);
    }
}
