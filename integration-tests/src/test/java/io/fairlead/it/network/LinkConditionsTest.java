package io.fairlead.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkConditionsTest {
    @Test
    void textIsReadBackExactly() {
        LinkConditions conditions = LinkConditions.PERFECT
                .withDelay(Duration.ofNanos(20_000_001))
                .withOvertakingJitter(Duration.ofNanos(333))
                .withLoss(Loss.bursts(0.04, 3))
                .withDuplicates(0.1)
                .withLate(1e-5, Duration.ofMillis(3))
                .withBandwidth(1_234_567_891, 77_777);
        assertThat(LinkConditions.parse(conditions.text())).isEqualTo(conditions);
        assertThat(LinkConditions.parse(LinkConditions.PERFECT.text())).isEqualTo(LinkConditions.PERFECT);
    }

    @Test
    void peopleMayUseUnits() {
        assertThat(LinkConditions.parse("delay=20ms,jitter=1.5ms,loss=0.05,rate=10mbit,queue=64k,late=0.1/2ms"))
                .isEqualTo(LinkConditions.PERFECT
                        .withDelay(Duration.ofMillis(20))
                        .withJitter(Duration.ofNanos(1_500_000))
                        .withLoss(0.05)
                        .withBandwidth(10_000_000, 65_536)
                        .withLate(0.1, Duration.ofMillis(2)));
        assertThat(LinkConditions.parse("bursts=0.04/5").loss()).isEqualTo(Loss.bursts(0.04, 5));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    delay=20         | a time needs ns, us, ms, s or m
                    delay=11s        | delay must be 0 to PT10S, not PT11S
                    jitter=1ms       | jitter must be at most the delay PT0S, not PT0.001S
                    loss=1.5         | loss must be a probability from 0 to 1, not 1.5
                    loss=much        | holds no number
                    duplicate=NaN    | duplicate must be a probability from 0 to 1, not NaN
                    late=0.1         | late needs PROBABILITY/TIME
                    rate=100bit      | bitsPerSecond must be 0 (unlimited) or at least 8000, not 100
                    queue=0          | queueBytes must be at least 1, not 0
                    bursts=0.95/5    | mean loss of bursts must be 0 to 0.9, not 0.95
                    weather=bad      | unknown condition "weather"
                    """)
    void aFaultIsToldWithItsLimitAndValue(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkConditions.parse(text))
                .withMessageContaining(message);
    }

    @Test
    void allFaultsOfANetworkAreToldTogether() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NetworkConfig(
                        LinkConditions.PERFECT,
                        LinkConditions.PERFECT,
                        1,
                        100,
                        CongestionControl.SYSTEM,
                        Duration.ZERO))
                .withMessageContaining("mtuBytes must be 1280 to 9000, not 100")
                .withMessageContaining("atMost must be more than 0");
    }
}
