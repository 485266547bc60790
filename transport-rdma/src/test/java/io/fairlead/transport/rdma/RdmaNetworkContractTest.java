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
import org.junit.jupiter.api.extension.ExtendWith;

/** RDMA keeps the contract with a peer on another machine, over a link that delays and loses: what of it is about the network. */
@Tag("rdma-network")
@ExtendWith(PoorLink.class)
class RdmaNetworkContractTest {
    /** Pings stand behind the writes that were posted before, and this link carries about a mebibyte a second. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Duration SILENCE = Duration.ofSeconds(40);

    /** An opened device stays open for the process: not a leak of any promise. */
    @BeforeAll
    static void openTheDevice() {
        new RdmaTransportProvider()
                .start(TransportConfig.DEFAULT, TransportContext.plain())
                .close();
    }

    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        return ContractKit.of(new TwoGuestsFixture())
                .with(TransportConfig.DEFAULT.with(
                        TransportConfig.DEFAULT.timeouts().withKeepAlive(INTERVAL, SILENCE)))
                .patience(Duration.ofSeconds(30))
                .promises(
                        "inAnotherProcessAMessageAndATagFindTheWriteBeforeThem",
                        "inAnotherProcessALargeWriteArrivesWholeAndIsReadBack",
                        "inAnotherProcessMessagesComeWholeAndInOrderOnce",
                        "inAnotherProcessAReadSeesTheWriteBeforeIt",
                        "inAnotherProcessEveryRequestHasItsOwnReply",
                        "whenThePeerIsKilledAllInFlightFailsOnceWithinTheBound",
                        "whenThePeerFallsSilentAllInFlightFailsOnceWithinTheBound",
                        "anAcceptedConnectionNoticesADeadPeer",
                        "inAnotherProcessACloseFinishesWhatIsInFlight",
                        "connectingToNobodyFailsTyped",
                        "afterAKilledPeerIsBackOldDescriptorsAreRefusedAndANewConnectionWorks")
                .tests();
    }
}
