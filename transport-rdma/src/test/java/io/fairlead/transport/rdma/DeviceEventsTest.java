package io.fairlead.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.transport.ErrorCode;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.TransportException;
import io.fairlead.transport.rdma.verbs.AsyncEvent;
import io.fairlead.transport.rdma.verbs.AsyncEventType;
import io.fairlead.transport.rdma.verbs.CompletionQueue;
import io.fairlead.transport.rdma.verbs.ConnectionId;
import io.fairlead.transport.rdma.verbs.EventChannel;
import io.fairlead.transport.rdma.verbs.QueuePair;
import io.fairlead.transport.rdma.verbs.QueuePairCapacity;
import io.fairlead.transport.rdma.verbs.Rdma;
import io.fairlead.transport.rdma.verbs.ReceiveRing;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Gate;
import io.fairlead.transport.testkit.Pair;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a device reports of its queues ends what they carry, and no more. What it reports of itself is in {@link DeviceLossTest}. */
@Tag("rdma")
class DeviceEventsTest {
    private static final int RING = 256;

    /** The poller stands still for as long as a guest takes to fill its queue. */
    private static final TransportConfig PATIENT = TransportConfig.DEFAULT.with(
            TransportConfig.DEFAULT.timeouts().withKeepAlive(Duration.ofMinutes(5), Duration.ofMinutes(10)));

    @Test
    void aQueueThatOverranEndsItsPollerAndTheConnectionsOfThat() throws Exception {
        OpenedFixture fixture = new OpenedFixture();
        try (RdmaScene scene = new RdmaScene(fixture, PATIENT)) {
            ContractEnvironment env = scene.environment();
            Pair pair = env.pair();
            Pair unharmed = env.pair();
            RdmaLoop loop = fixture.loop(pair.nearTransport(), 0);
            try (Gate gate = new Gate()) {
                loop.execute(gate::pass);
                overrun(fixture.network(pair.nearTransport()), loop.queue(), env.soon());
            }

            TransportException cause =
                    Await.result("the near side closes", pair.near().closed(), env.soon());
            assertThat(cause.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(cause).hasMessageContaining("completion queue is in error");
            Await.result("the far side closes", pair.farHandler().closed(), env.soon());
            assertThat(loop.isDead()).isTrue();
            Await.result(
                    "a request beside",
                    unharmed.near()
                            .request(env.region(unharmed.nearTransport(), 8).segment())
                            .result(),
                    env.soon());
        }
    }

    /** By a queue pair of a stranger: those that a poller adopts fit into its queue. */
    private static void overrun(RdmaNetwork network, CompletionQueue queue, Duration soon) throws Exception {
        CompletableFuture<AsyncEvent> seen = new CompletableFuture<>();
        int receives = queue.depth() + RING;
        try (DeviceEvents.Watch watch = DeviceEvents.watch(network.device(), Duration.ofDays(1), new Witness(seen));
                EventChannel channel = Rdma.open().createEventChannel();
                ConnectionId id = bound(channel);
                QueuePair pair = id.createQueuePair(
                        network.domain(), queue, queue, new QueuePairCapacity(1, receives, 1, 1, 0))) {
            ReceiveRing ring = new ReceiveRing(RING, 1);
            for (int slot = 0; slot < RING; slot++) {
                ring.receive(slot, WorkId.receive(WorkId.MOST_PLACES - 1, 0, slot));
            }
            for (int posted = 0; posted < receives; posted += RING) {
                pair.post(ring, 0, Math.min(RING, receives - posted));
            }
            pair.setError();
            AsyncEvent event = Await.result("the device's event to " + watch, seen, soon);
            assertThat(event.type()).isEqualTo(AsyncEventType.CQ_ERROR);
            assertThat(event.concerns(queue)).isTrue();
        }
    }

    private static ConnectionId bound(EventChannel channel) throws Exception {
        ConnectionId id = channel.createId();
        id.bind(new RdmaFixture().listenAddress().resolve());
        return id;
    }

    private record Witness(CompletableFuture<AsyncEvent> seen) implements DeviceEvents.User {
        @Override
        public void failed(AsyncEvent event) {
            seen.complete(event);
        }

        @Override
        public void portsDown(Duration since) {
            seen.completeExceptionally(new AssertionError("all ports down for " + since));
        }

        @Override
        public void lost(String why) {
            seen.completeExceptionally(new AssertionError(why));
        }
    }
}
