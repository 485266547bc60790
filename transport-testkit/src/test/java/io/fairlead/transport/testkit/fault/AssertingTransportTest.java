package io.fairlead.transport.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.transport.Completion;
import io.fairlead.transport.ConnectionHandler.Dispatch;
import io.fairlead.transport.MemoryRegion;
import io.fairlead.transport.Message;
import io.fairlead.transport.RegionDescriptor;
import io.fairlead.transport.Rights;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.testkit.Await;
import io.fairlead.transport.testkit.ContractEnvironment;
import io.fairlead.transport.testkit.Gate;
import io.fairlead.transport.testkit.KitHandler;
import io.fairlead.transport.testkit.Pair;
import io.fairlead.transport.testkit.PeerProcess;
import io.fairlead.transport.testkit.memory.InMemoryFixture;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AssertingTransportTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long FAR_OFF_NS = Duration.ofSeconds(30).toNanos();
    private static final Completion NOTHING = (context, failure, value) -> {};

    private final ContractEnvironment env =
            new ContractEnvironment(new InMemoryFixture(), TransportConfig.DEFAULT, Dispatch.EXECUTOR, SOON, 42);
    private final AssertingTransport near = new AssertingTransport(env.start());
    private final MemoryRegion local = near.allocate(4096);

    @AfterEach
    void tearDown() {
        assertThat(env.finish()).isEmpty();
    }

    private Pair join(KitHandler nearHandler) {
        return env.join(near, env.start(), nearHandler, env.handler());
    }

    private void expectFault(String text) {
        Await.until("a fault", SOON, () -> !near.faults().isEmpty());
        assertThat(near.faults()).anySatisfy(fault -> assertThat(fault).hasMessageContaining(text));
        assertThatThrownBy(near::verify).hasMessageContaining("faults of the caller");
    }

    @Test
    void aRightCallerHasNoFault() {
        Pair pair = join(env.handler());
        RegionDescriptor target =
                pair.farTransport().allocate(4096).grant(Rights.ALL).descriptor();
        pair.near().write(local, 0, target, 0, 2048).await();
        pair.near().read(local, 2048, target, 0, 2048).await();
        pair.near().request(local.segment()).await();
        Await.result(
                "the far side asks too",
                pair.far().request(pair.farTransport().allocate(8).segment()).result(),
                SOON);
        Await.result("close", pair.near().close(Duration.ofSeconds(1)), SOON);
        near.verify();
    }

    @Test
    void aSourceThatChangesBeforeItsReleaseIsFound() {
        try (PeerProcess peer = env.peer(env.config())) {
            var connection = env.connect(near, peer.endpoint(), env.handler());
            peer.suspend();
            connection.trySend(local, 0, 8, FAR_OFF_NS, NOTHING, 0);
            local.segment().fill((byte) 7);
            peer.resume();
            expectFault("changed before it was released");
        }
    }

    @Test
    void aBufferThatAReadStillFillsIsFoundWhenUsedAgain() {
        try (PeerProcess peer = env.peer(env.config())) {
            RegionDescriptor target = peer.grant("target", 4096, Rights.READ.bits());
            var connection = env.connect(near, peer.endpoint(), env.handler());
            peer.suspend();
            connection.tryRead(local, 0, target, 0, 100, FAR_OFF_NS, NOTHING, 0);
            connection.trySend(local, 99, 8, FAR_OFF_NS, NOTHING, 0);
            peer.resume();
            expectFault("still has");
        }
    }

    @Test
    void aWaitInsideACompletionIsFound() {
        Pair pair = join(env.handler());
        pair.near()
                .trySend(
                        local,
                        0,
                        8,
                        FAR_OFF_NS,
                        (context, failure, value) -> assertThatThrownBy(
                                        () -> pair.near().fence(SOON).await())
                                .isInstanceOf(IllegalStateException.class),
                        0);
        expectFault("blocks inside a completion");
    }

    @Test
    void aMessageKeptAfterItsCallIsFound() {
        Queue<Message> kept = new ConcurrentLinkedQueue<>();
        Pair pair = join(env.handler().onMessage((connection, message) -> kept.add(message)));
        pair.far().send(pair.farTransport().allocate(8).segment()).await();
        Await.until("the message is handled", SOON, () -> pair.nearHandler().messages() == 1);
        assertThatThrownBy(() -> kept.element().toByteArray()).isInstanceOf(IllegalStateException.class);
        expectFault("after its handler's call");
    }

    @Test
    void aSecondReplyIsFound() {
        Gate answered = env.gate();
        Pair pair = join(env.handler().onRequest((connection, id, message) -> {
            connection.reply(id, message.payload());
            assertThatThrownBy(() -> connection.reply(id, message.payload())).isInstanceOf(IllegalStateException.class);
            answered.open();
        }));
        pair.far().request(pair.farTransport().allocate(8).segment()).await();
        answered.pass();
        expectFault("answered twice");
    }

    @Test
    void aReplyThatNeverComesIsFoundAtTheClose() {
        Pair pair = join(env.handler().onRequest((connection, id, message) -> {}));
        pair.far().request(pair.farTransport().allocate(8).segment());
        Await.until("the request is handled", SOON, () -> pair.nearHandler().requests() == 1);
        Await.result("close", pair.near().close(Duration.ofMillis(100)), SOON);
        expectFault("never answered");
    }

    @Test
    void aTimeOutThatIsNotPositiveIsFound() {
        Pair pair = join(env.handler());
        assertThatThrownBy(() -> pair.near().trySend(local, 0, 8, 0, NOTHING, 0))
                .isInstanceOf(IllegalArgumentException.class);
        expectFault("time-out of 0 ns");
    }

    @Test
    void memoryClosedBeforeItsRegionIsFound() {
        MemoryRegion region;
        try (Arena arena = Arena.ofShared()) {
            region = near.register(arena.allocate(64));
        }
        Await.result("release", region.release(), SOON);
        expectFault("memory was closed");
    }

    @Test
    void aLeaseNeverGivenBackIsFoundAtTheClose() {
        var lease = near.buffers().lease(1000);
        Await.result("close", near.close(Duration.ofMillis(100)), SOON);
        expectFault("never given back");
        lease.close();
    }
}
