package io.fairlead.transport.tcp;

import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.contract.ContractKit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** TCP keeps the contract, also where its buffers are tiny, its loops several, its handlers inline, and it polls. */
class TcpContractTest {
    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        return ContractKit.of(new TcpFixture("127.0.0.1")).tests();
    }

    @TestFactory
    Stream<DynamicNode> keepsItWithSocketBuffersOf4KiB() {
        return ContractKit.of(new TcpFixture("127.0.0.1"))
                .with(TransportConfig.DEFAULT
                        .with("tcp.sendBufferBytes", "4096")
                        .with("tcp.receiveBufferBytes", "4096"))
                .tests();
    }

    @TestFactory
    Stream<DynamicNode> keepsItOverIpv6OnTwoPollingLoopsWithInlineHandlers() {
        return ContractKit.of(new TcpFixture("::1"))
                .with(TransportConfig.DEFAULT.with("tcp.loops", "2").with("tcp.busyPoll", "PT0.0002S"))
                .with(Dispatch.INLINE)
                .tests();
    }
}
