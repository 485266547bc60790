package io.fairlead.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.transport.RegionDescriptor.ProviderKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegionDescriptorTest {
    private static final RegionDescriptor PLAIN =
            new RegionDescriptor(0, 0, 0, Long.MAX_VALUE, Rights.NONE, 0, null, null);
    private static final RegionDescriptor FULL =
            new RegionDescriptor(-1, -1, -1, 1, Rights.ALL, -1, Instant.ofEpochMilli(-1), new ProviderKey(0, -1));

    @Test
    void bothFormsBringBackEveryFieldAndNoValueMeansNone() {
        for (RegionDescriptor descriptor : List.of(PLAIN, FULL)) {
            assertThat(RegionDescriptor.decode(ByteBuffer.wrap(descriptor.toBytes())))
                    .isEqualTo(descriptor);
            assertThat(RegionDescriptor.parse(descriptor.toText())).isEqualTo(descriptor);
        }
        assertThat(PLAIN.toBytes()).hasSize(RegionDescriptor.FIXED_BYTES);
        assertThat(FULL.toBytes()).hasSize(RegionDescriptor.MAX_BYTES);
    }

    @Test
    void theBinaryFormIsFixed() {
        RegionDescriptor descriptor =
                new RegionDescriptor(0x01020304, 5, 6, 7, Rights.READ_WRITE, 8, Instant.ofEpochMilli(9), null);
        assertThat(descriptor.toText())
                .isEqualTo("fl1:01030100" + "04030201" + "05000000" + "00000000" + "0600000000000000"
                        + "0700000000000000" + "0800000000000000" + "00000000" + "0900000000000000");
    }

    @Test
    void refusesWhatItDidNotWriteAndNothingElseEscapes() {
        byte[] good = FULL.toBytes();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> RegionDescriptor.decode(ByteBuffer.wrap(cut)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                RegionDescriptor decoded = RegionDescriptor.decode(ByteBuffer.wrap(bad));
                assertThat(decoded.length()).as("seed %d", seed).isPositive();
            } catch (IllegalArgumentException e) {
                // refused, as it should be
            }
        }
    }

    @Test
    void coversItsRangeAndNeverOverflows() {
        RegionDescriptor ten = new RegionDescriptor(1, 1, 1, 10, Rights.ALL, 1, null, null);
        assertThat(ten.covers(0, 10)).isTrue();
        assertThat(ten.covers(10, 0)).isTrue();
        assertThat(ten.covers(1, 10)).isFalse();
        assertThat(ten.covers(-1, 1)).isFalse();
        assertThat(ten.covers(0, -1)).isFalse();
        assertThat(ten.covers(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
        assertThat(ten.covers(1, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void keepsItsTokenOutOfLogs() {
        assertThat(new RegionDescriptor(1, 1, 0x5ec2e7, 10, Rights.ALL, 1, null, null).toString())
                .doesNotContain("5ec2e7")
                .doesNotContain(Long.toString(0x5ec2e7));
    }
}
