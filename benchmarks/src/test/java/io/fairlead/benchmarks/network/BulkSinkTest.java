package io.fairlead.benchmarks.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BulkSinkTest {
    private static final Peer.Outlet NOWHERE = bytes -> {};

    private final BulkSink sink = new BulkSink();

    @Test
    void countsThePatternOverItsEnd() throws Exception {
        ByteBuffer twice = ByteBuffer.allocate(2 * BulkPattern.BYTES)
                .put(BulkPattern.block())
                .put(BulkPattern.block())
                .flip();

        sink.received(twice.slice(0, 1000), NOWHERE);
        sink.received(twice.slice(1000, twice.capacity() - 1000), NOWHERE);

        assertThat(sink.received()).isEqualTo(2L * BulkPattern.BYTES);
    }

    @Test
    void failsIfBytesAreMissing() {
        sink.received(BulkPattern.block().slice(1, 1000), NOWHERE);

        assertThatThrownBy(sink::received).hasMessageContaining("wrong bytes");
    }
}
