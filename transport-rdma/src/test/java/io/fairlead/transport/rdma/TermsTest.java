package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TermsTest {
    private static final Terms TERMS = new Terms(64, 8192);

    @Test
    void termsComeBackFromTheirBytesPaddedAsTheManagerPadsThem() throws Exception {
        assertThat(TERMS.encode()).hasSize(Terms.BYTES);
        assertThat(Terms.decode(Arrays.copyOf(TERMS.encode(), 56))).isEqualTo(TERMS);
    }

    @Test
    void everyByteThatIsChangedIsNoticedOrLeavesTermsInRange() {
        for (int at = 0; at < Terms.BYTES; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = TERMS.encode();
                bytes[at] ^= (byte) (1 << bit);
                boolean sizes = at >= 6 && at < 12;
                try {
                    Terms read = Terms.decode(bytes);
                    assertThat(sizes).as("bit %d of byte %d", bit, at).isTrue();
                    assertThat(read.slots()).isBetween(16, 4096);
                    assertThat(read.slotBytes()).isBetween(1024, 1 << 20);
                } catch (ProtocolException e) {
                    assertThat(e).hasMessageContaining(sizes ? "not 16 to 4096 of 1024 to 1048576" : "another version");
                }
            }
        }
    }

    @Test
    void nothingIsNotTerms() {
        for (byte[] bytes : new byte[][] {{}, new byte[Terms.BYTES - 1], new byte[56]}) {
            assertThatThrownBy(() -> Terms.decode(bytes)).hasMessageContaining("not one of Fairlead");
        }
    }

    @Test
    void termsOutOfBoundsAreRefusedByTheirValues() {
        assertThatThrownBy(() -> Terms.decode(new Terms(0, 8192).encode())).hasMessageContaining("0 slots of 8192");
        assertThatThrownBy(() -> Terms.decode(new Terms(0xffff, -1).encode()))
                .hasMessageContaining("65535 slots of 4294967295 bytes");
    }
}
