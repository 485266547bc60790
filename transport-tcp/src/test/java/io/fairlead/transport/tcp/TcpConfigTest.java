package io.fairlead.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.transport.SecurityMode;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TcpConfigTest {
    @Test
    void readsItsOwnKeysAndLeavesOthersAlone() {
        TcpConfig config = TcpConfig.from(
                Map.of("tcp.loops", "3", "tcp.busyPoll", "PT0.001S", "tcp.noDelay", "false", "kcp.window", "9"));
        assertThat(config.loops()).isEqualTo(3);
        assertThat(config.busyPoll()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.noDelay()).isFalse();
        assertThat(config.backlog()).isEqualTo(TcpConfig.DEFAULT.backlog());
        assertThat(TcpConfig.from(Map.of())).isEqualTo(TcpConfig.DEFAULT);
    }

    @Test
    void namesEveryFaultAtOnce() {
        assertThatThrownBy(() -> TcpConfig.from(
                        Map.of("tcp.loop", "3", "tcp.backlog", "many", "tcp.busyPoll", "1ms", "tcp.noDelay", "yes")))
                .hasMessageContaining("unknown setting tcp.loop, known: loops")
                .hasMessageContaining("backlog is 'many'")
                .hasMessageContaining("busyPoll is '1ms'")
                .hasMessageContaining("noDelay is true or false");
        assertThatThrownBy(() -> TcpConfig.from(Map.of("tcp.loops", "0")))
                .hasMessageContaining("loops is 0, allowed 1..256");
    }

    @Test
    void keepsTheSendQueueShortOnLoopbackOnlyAndOnlyUnlessTold() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetAddress other = InetAddress.ofLiteral("192.0.2.1");
        assertThat(TcpConfig.DEFAULT.sendBufferBytes(loopback)).isEqualTo(400_000);
        assertThat(TcpConfig.DEFAULT.sendBufferBytes(other)).isZero();
        TcpConfig told = TcpConfig.from(Map.of("tcp.sendBufferBytes", "4096"));
        assertThat(told.sendBufferBytes(loopback)).isEqualTo(4096);
        assertThat(told.sendBufferBytes(other)).isEqualTo(4096);
    }

    @Test
    void refusesToStartWithASecurityModeThatItCannotHonour() {
        assertThatThrownBy(() -> new TcpTransportProvider()
                        .start(TransportConfig.DEFAULT.with(SecurityMode.ENCRYPTED), TransportContext.plain()))
                .hasMessageContaining("SECURITY")
                .hasMessageContaining("ENCRYPTED");
    }
}
