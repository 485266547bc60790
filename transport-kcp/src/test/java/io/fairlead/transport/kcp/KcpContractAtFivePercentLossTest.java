package io.fairlead.transport.kcp;

import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.contract.ContractKit;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** KCP keeps the contract where 5 % of the datagrams are lost each way, and 2 % are late and 2 % come twice. */
@ExtendWith(NoBufferLeaks.class)
class KcpContractAtFivePercentLossTest {
    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        return ContractKit.of(KcpFixture.inBadWeather())
                .with(TransportConfig.DEFAULT.with("weather.loss", "5").with("weather.seed", "57"))
                .patience(Duration.ofSeconds(20))
                .tests();
    }
}
