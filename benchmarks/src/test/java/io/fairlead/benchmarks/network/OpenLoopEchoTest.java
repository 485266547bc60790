package io.fairlead.benchmarks.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenLoopEchoTest {
    private static final Peer.Outlet NOWHERE = bytes -> {};

    private final OpenLoopEcho echo = new OpenLoopEcho(7, 1, 2);

    @Test
    void reportsTheLatenciesAfterTheWarmUp() throws Exception {
        echo.run(bytes -> echo.received(bytes.duplicate(), NOWHERE), Duration.ofSeconds(10));

        assertThat(echo.report().split(" ", -1)).hasSize(1 + 2);
    }

    @Test
    void takesMessagesInPieces() throws Exception {
        echo.run(
                bytes -> {
                    ByteBuffer first = bytes.slice(0, 100);
                    echo.received(first, NOWHERE);
                    echo.received(bytes.slice(100, bytes.remaining() - 100), NOWHERE);
                },
                Duration.ofSeconds(10));

        assertThat(echo.report()).isNotEmpty();
    }

    @Test
    void failsIfAByteIsWrong() {
        assertThatThrownBy(() -> echo.run(
                        bytes -> {
                            ByteBuffer changed = ByteBuffer.allocate(bytes.remaining())
                                    .put(bytes.duplicate())
                                    .flip();
                            changed.put(1000, (byte) ~changed.get(1000));
                            echo.received(changed, NOWHERE);
                        },
                        Duration.ofSeconds(10)))
                .hasMessageContaining("wrong bytes in message 0");
    }

    @Test
    void failsIfAMessageStaysAway() {
        assertThatThrownBy(() -> echo.run(NOWHERE, Duration.ofMillis(1))).hasMessageContaining("only 0 of 3");
    }
}
