package io.fairlead.transport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.transport.TransportConfig;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void anOpenSocketIsALeakUntilItIsClosed() throws IOException {
        LeakCheck check = LeakCheck.start();
        try (ServerSocketChannel open = ServerSocketChannel.open()) {
            assertThat(open.isOpen()).isTrue();
            assertThatThrownBy(() -> check.verify(Duration.ofMillis(50))).hasMessageContaining("socket");
        }
        check.verify(Duration.ofSeconds(5));
    }

    @Test
    void aThreadOfATransportIsALeakUntilItEnds() {
        LeakCheck check = LeakCheck.start();
        Gate gate = new Gate();
        Thread.ofPlatform().daemon().name("fairlead-test").start(gate::pass);
        assertThat(check.leaks()).containsExactly("thread fairlead-test");
        gate.open();
        check.verify(Duration.ofSeconds(5));
    }

    @Test
    void aConfigurationSurvivesItsWayThroughArguments() {
        TransportConfig config = TransportConfig.DEFAULT
                .with("tcp.loops", "1")
                .with(TransportConfig.DEFAULT.limits().withFrameBytes(4096))
                .with(TransportConfig.DEFAULT.timeouts().withKeepAlive(Duration.ofMillis(5), Duration.ofHours(1)));
        List<String> arguments = RecordText.arguments(config);
        assertThat(RecordText.config(arguments)).isEqualTo(config);
    }
}
