package io.fairlead.transport.kcp;

import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.contract.ContractKit;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** KCP keeps the contract where 20 % of the datagrams are lost each way, and 2 % are late and 2 % come twice. */
@ExtendWith(NoBufferLeaks.class)
class KcpContractAtTwentyPercentLossTest {
    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        // A round trip takes several times as long, and what waits for one credit at a time many of them.
        return ContractKit.of(KcpFixture.inBadWeather())
                .with(TransportConfig.DEFAULT.with("weather.loss", "20").with("weather.seed", "207"))
                .patience(Duration.ofSeconds(40))
                .tests();
    }
}
