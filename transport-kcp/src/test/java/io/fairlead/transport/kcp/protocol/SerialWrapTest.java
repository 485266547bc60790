package io.fairlead.transport.kcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers and stamps pass the end of their 32 bits, and nothing notices. */
class SerialWrapTest {
    @Test
    void comparisonsHoldAcrossTheWrap() {
        assertThat(Serial.before(-1, 0)).isTrue();
        assertThat(Serial.after(Integer.MIN_VALUE, Integer.MAX_VALUE)).isTrue();
        assertThat(Serial.within(0, -5, 5)).isTrue();
        assertThat(Serial.within(5, -5, 5)).isFalse();
        assertThat(Serial.within(-6, -5, 5)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aLongRunPassesTheWrapFromEveryStart(LossRecovery.Rules rules) {
        KcpConfig config = rules.isLegacy() ? KcpPresets.legacy(rules, 1, 10, 2, true) : KcpPresets.NATIVE;
        for (int before = 1; before <= 300; before += 23) {
            // Numbers of both directions wrap, and the stamps within the first 2 s.
            FirstNumbers near = new FirstNumbers(-before, -2 * before, -before * 7);
            Pair pair = new Pair(config, config, near);
            int sent = 0;
            for (int round = 0; round < 700; round++) {
                for (int end = 0; end < 2; end++) {
                    assertThat(pair.send(end, 4)).isEqualTo(4);
                    pair.ends[end].flush(pair.nowNs());
                    int at = 0;
                    for (byte[] datagram : pair.sinks[end].take()) {
                        if ((round + at++) % 7 != 0) {
                            pair.input(1 - end, datagram);
                        }
                    }
                }
                sent += 4;
                pair.nowMs += 15;
            }
            for (int i = 0; i < 200; i++) {
                pair.nowMs += 15;
                pair.carry(0);
                pair.carry(1);
            }
            assertThat(pair.received[0].size())
                    .as("from %d before the wrap", before)
                    .isEqualTo(sent);
            assertThat(pair.received[1].size())
                    .as("from %d before the wrap", before)
                    .isEqualTo(sent);
        }
    }
}
