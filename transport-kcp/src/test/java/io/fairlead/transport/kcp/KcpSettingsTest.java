package io.fairlead.transport.kcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KcpSettingsTest {
    @Test
    void readsItsOwnKeysAndLeavesOthersAlone() {
        KcpSettings settings = KcpSettings.from(Map.of(
                "kcp.loops", "2", "kcp.dialect", "kcp-go", "kcp.preset", "turbo", "kcp.mtu", "1200", "tcp.loops", "9"));
        assertThat(settings.loops()).isEqualTo(2);
        assertThat(settings.dialect()).isEqualTo(Dialect.KCP_GO);
        assertThat(settings.protocol().segments().mtuBytes()).isEqualTo(1200);
    }

    @Test
    void namesEveryFaultAtOnce() {
        assertThatThrownBy(() -> KcpSettings.from(Map.of(
                        "kcp.window",
                        "3",
                        "kcp.loops",
                        "many",
                        "kcp.mtu",
                        "99999",
                        "kcp.dialect",
                        "enet",
                        "kcp.preset",
                        "warp",
                        "kcp.epoll",
                        "perhaps")))
                .hasMessageContaining("unknown setting kcp.window, known: loops")
                .hasMessageContaining("loops is 'many'")
                .hasMessageContaining("mtu is 99999, allowed 470..1472")
                .hasMessageContaining("dialect is 'enet', known: native, ikcp, kcp-go")
                .hasMessageContaining("preset is 'warp', known: bulk, kcptun-fast")
                .hasMessageContaining("epoll is true or false");
    }
}
