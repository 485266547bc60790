package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TermsTest {
    private static final Terms TERMS = new Terms(64, 8192);

    @Test
    void termsComeBackFromTheirBytesPaddedAsTheManagerPadsThem() {
        assertThat(TERMS.encode()).hasSize(Terms.BYTES);
        assertThat(Terms.decode(Arrays.copyOf(TERMS.encode(), 56))).isEqualTo(TERMS);
    }

    @Test
    void everyByteThatIsChangedIsNoticedOrLeavesTermsInRange() {
        for (int at = 0; at < Terms.BYTES; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = TERMS.encode();
                bytes[at] ^= (byte) (1 << bit);
                Terms read = Terms.decode(bytes);
                boolean sizes = at >= 6 && at < 12;
                assertThat(read == null || sizes && read.slots() <= 4096 && read.slotBytes() <= 1 << 20)
                        .as("bit %d of byte %d", bit, at)
                        .isTrue();
            }
        }
    }

    @Test
    void nothingIsNotTerms() {
        assertThat(Terms.decode(new byte[0])).isNull();
        assertThat(Terms.decode(new byte[56])).isNull();
    }
}
