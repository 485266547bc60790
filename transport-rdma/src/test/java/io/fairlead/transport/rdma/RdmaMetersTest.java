package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.Connection;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Operation;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Pair;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rdma")
class RdmaMetersTest {
    private static final int REQUESTS = 1000;

    /** A timer drops what ended before it began, as by a loop's time of before it went to sleep. */
    @Test
    void noOperationEndsBeforeItBegan() {
        try (RdmaScene scene = new RdmaScene()) {
            ContractEnvironment env = scene.environment();
            Pair pair = env.pair();
            MemoryRegion local = env.region(pair.nearTransport(), 64);
            for (int i = 0; i < REQUESTS; i++) {
                Await.result("a reply", pair.near().request(local.segment()).result(), env.soon());
            }
            assertThat(env.reading(pair.nearTransport()).operations("request", "ok"))
                    .isEqualTo(REQUESTS);
        }
    }

    /** Each SEND that finds no receive is put off by the peer's card, again and again. */
    @Test
    void whatFindsNoReceiveIsCountedAtBothEnds() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TransportConfig patient = TransportConfig.DEFAULT.with(
                TransportConfig.DEFAULT.timeouts().withKeepAlive(Duration.ofMinutes(5), Duration.ofMinutes(10)));
        try (RdmaScene scene = new RdmaScene(patient);
                VerbsPeer peer = new VerbsPeer()) {
            ContractEnvironment env = scene.environment();
            Transport near = env.closing(new RdmaTransportProvider()
                    .start(patient, TransportContext.plain().with(meters)));
            double sent = rnr(meters, "sent");
            double received = rnr(meters, "received");
            var connecting = near.connect(peer.endpoint(), env.handler());
            peer.accept(1);
            peer.shakeHands();
            Connection connection = Await.result("connecting", connecting, env.soon());
            Operation<?> message = connection.send(near.allocate(64).segment());

            Await.until(
                    "it is told of some",
                    env.soon(),
                    () -> rnr(meters, "received") > received + 1 && rnr(meters, "sent") > sent + 1);
            assertThat(message.result()).isNotDone();
        }
        assertThat(meters.getMeters()).as("left behind").isEmpty();
    }

    private static double rnr(SimpleMeterRegistry meters, String direction) {
        return meters.get("fairlead.rdma.rnr." + direction)
                .tag("transport", "rdma")
                .functionCounter()
                .count();
    }
}
