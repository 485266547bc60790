package io.fairlead.transport.kcp;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.contract.ContractKit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rows of the contract that a different set-up could break, with other sockets, loops, presets and dialects. */
@ExtendWith(NoBufferLeaks.class)
class KcpVariantsTest {
    private static final Integer[] MOVING_BYTES = {2, 3, 4, 9};

    private static Stream<DynamicNode> kit(String host, String... settings) {
        TransportConfig config = TransportConfig.DEFAULT;
        for (String setting : settings) {
            config = config.with(setting.split("=")[0], setting.split("=")[1]);
        }
        return ContractKit.of(KcpFixture.at(host))
                .with(config)
                .rows(MOVING_BYTES)
                .tests();
    }

    @TestFactory
    Stream<DynamicNode> keepsItOnSocketsOfTheJdk() {
        return kit("127.0.0.1", "kcp.epoll=false");
    }

    @TestFactory
    Stream<DynamicNode> keepsItOverIpv6OnTwoLoopsWithInlineHandlers() {
        return ContractKit.of(KcpFixture.at("::1"))
                .with(TransportConfig.DEFAULT.with("kcp.loops", "2"))
                .with(Dispatch.INLINE)
                .rows(MOVING_BYTES)
                .tests();
    }

    @TestFactory
    Stream<DynamicNode> keepsItWithoutAHandshake() {
        return kit("127.0.0.1", "kcp.dialect=kcp-go", "kcp.preset=turbo");
    }

    @TestFactory
    Stream<DynamicNode> keepsItWithSmallDatagramsAndWindows() {
        return kit("127.0.0.1", "kcp.mtu=470", "kcp.sendWindow=32", "kcp.receiveWindow=32");
    }
}
