package io.fairlead.transport.kcp;

import io.fairlead.transport.testkit.contract.ContractKit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** KCP keeps the contract. */
@ExtendWith(NoBufferLeaks.class)
class KcpContractTest {
    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        return ContractKit.of(KcpFixture.at("127.0.0.1")).tests();
    }
}
