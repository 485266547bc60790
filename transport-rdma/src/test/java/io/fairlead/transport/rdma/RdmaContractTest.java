package io.fairlead.transport.rdma;

import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.contract.ContractKit;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** RDMA keeps the contract. */
@Tag("rdma")
class RdmaContractTest {
    /** An opened device stays open for the process: not a leak of any promise. */
    @BeforeAll
    static void openTheDevice() {
        new RdmaTransportProvider()
                .start(TransportConfig.DEFAULT, TransportContext.plain())
                .close();
    }

    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        // An emulated machine is some twenty times slower, and starts processes as slowly.
        return ContractKit.of(new RdmaFixture())
                .patience(Duration.ofSeconds(30))
                .tests();
    }
}
