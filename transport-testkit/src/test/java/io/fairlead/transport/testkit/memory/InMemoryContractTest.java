package io.fairlead.transport.testkit.memory;

import io.fairlead.transport.testkit.contract.ContractKit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The reference provider keeps the contract. */
class InMemoryContractTest {
    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        return ContractKit.of(new InMemoryFixture()).tests();
    }
}
